//! The program: reads the command line and calls the library. Everything else is in the library, so that tests
//! can call it.

fn main() -> std::process::ExitCode {
    passage::cli::main()
}
