//! Failpoints: named places at which a test stops the program, to kill it there or to resume it late. They
//! exist only under the feature `failpoints`, which tests enable; without it, the macro expands to nothing.
//!
//! One mechanism serves both: a task that reaches the failpoint named by `PASSAGE_FAILPOINT` writes a file
//! and waits until a second file appears. Meanwhile, the test kills the program from outside (-9), or lets
//! time pass and resumes the task. A failpoint stops one task, once; everything else in the program
//! continues. docs/development.md lists the failpoints.

/// `failpoint!("F1")` stops here; `failpoint!("F2", future)` runs the future to its first wait and stops
/// with it under way; `failpoint!(blocking "F9")` stops a thread instead of a task. Where a step is left to
/// a task that does it for many, `failpoint!(armed "F11", future)` stops there once somebody has said
/// `failpoint!(arm "F11")`.
macro_rules! failpoint {
    (arm $name:literal) => {
        #[cfg(feature = "failpoints")]
        crate::failpoint::trial::arm($name);
    };
    (armed $name:literal, $future:expr) => {{
        let under_way = $future;
        #[cfg(feature = "failpoints")]
        let under_way = crate::failpoint::trial::reach_armed($name, under_way);
        under_way.await
    }};
    (blocking $name:literal) => {
        #[cfg(feature = "failpoints")]
        crate::failpoint::trial::reach_blocking($name);
    };
    ($name:literal) => {
        #[cfg(feature = "failpoints")]
        crate::failpoint::trial::reach($name).await;
    };
    ($name:literal, $future:expr) => {{
        let under_way = $future;
        #[cfg(feature = "failpoints")]
        let under_way = crate::failpoint::trial::reach_under_way($name, under_way);
        under_way.await
    }};
}
pub(crate) use failpoint;

#[cfg(feature = "failpoints")]
pub(crate) mod trial {
    use std::future::Future;
    use std::path::PathBuf;
    use std::pin::pin;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Poll;
    use std::time::Duration;

    /// The chosen failpoint, and the file that says it was reached; the file that resumes it ends in `.go`.
    struct Chosen {
        name: String,
        reached: PathBuf,
        armed: AtomicBool,
        done: AtomicBool,
    }

    static CHOSEN: LazyLock<Option<Chosen>> = LazyLock::new(|| {
        let name = std::env::var("PASSAGE_FAILPOINT").ok()?;
        let reached = std::env::var_os("PASSAGE_FAILPOINT_FILE")?.into();
        Some(Chosen { name, reached, armed: AtomicBool::new(false), done: AtomicBool::new(false) })
    });

    const LOOK_EVERY: Duration = Duration::from_millis(5);

    impl Chosen {
        fn is_awake(&self) -> bool {
            self.reached.with_extension("go").exists()
        }
    }

    fn chosen(name: &str) -> Option<&'static Chosen> {
        CHOSEN.as_ref().filter(|chosen| chosen.name == name)
    }

    /// The failpoint, if it was chosen and no task has stopped there before.
    fn stop_at(name: &str) -> Option<&'static Chosen> {
        let chosen = chosen(name)?;
        if chosen.done.swap(true, Ordering::SeqCst) {
            return None;
        }
        std::fs::write(&chosen.reached, name).expect("the trial's folder can be written");
        Some(chosen)
    }

    pub async fn reach(name: &str) {
        let Some(chosen) = stop_at(name) else { return };
        while !chosen.is_awake() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    pub fn reach_blocking(name: &str) {
        let Some(chosen) = stop_at(name) else { return };
        while !chosen.is_awake() {
            std::thread::sleep(LOOK_EVERY);
        }
    }

    pub async fn reach_under_way<F: Future>(name: &str, future: F) -> F::Output {
        let mut future = pin!(future);
        let first = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
        reach(name).await;
        match first {
            Poll::Ready(done) => done,
            Poll::Pending => future.await,
        }
    }

    pub fn arm(name: &str) {
        if let Some(chosen) = chosen(name) {
            chosen.armed.store(true, Ordering::SeqCst);
        }
    }

    pub async fn reach_armed<F: Future>(name: &str, future: F) -> F::Output {
        if chosen(name).is_some_and(|chosen| chosen.armed.load(Ordering::SeqCst)) {
            reach_under_way(name, future).await
        } else {
            future.await
        }
    }
}
