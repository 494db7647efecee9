//! The report as a picture: one SVG without scripts, readable on a telephone; its description contains
//! everything it shows. The text beside each bar gives the figure; colour only helps.

use std::fmt::Write;

use super::report::{CLIENTS, Percentiles, Report, Waits, World};
use crate::domain::statistics::Bounded;

const WIDTH: u32 = 360;
const LEFT: f64 = 12.0;
/// Bars and axes end here; the figures stand to their right.
const RIGHT: f64 = 212.0;
const TEXT: u32 = 220;
/// Dark enough on white for text (over 4.5 to 1).
const FIRST_COME: &str = "#a33a00";
const PASSAGE: &str = "#0b5c8a";
const INK: &str = "#1b1b1b";
const LINE: &str = "#8a8a8a";
/// Characters in a line of the title.
const TITLE_WIDTH: usize = 34;
/// The axis shows ratios from 1/8 to 8.
const RATIO_MAX: f64 = 8.0;

/// The whole picture.
pub fn svg(report: &Report) -> String {
    let mut drawing = Drawing { body: String::new(), said: String::new(), y: 30 };
    drawing.title(&report.title);
    drawing.legend();
    served(&mut drawing, report);
    clients(&mut drawing, report);
    waits(&mut drawing, report);
    seats(&mut drawing, report);
    drawing.note(&format!(
        "{} days, {} times (seed {}); lines: 95 % intervals",
        report.days, report.replications, report.seed
    ));
    let (height, title) = (drawing.y + 6, escaped(&report.title));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\" \
         font-family=\"Marianne, Arial, sans-serif\" font-size=\"13\" fill=\"{INK}\">\n\
         <title id=\"title\">{title}: first come, first served against Passage</title>\n\
         <desc id=\"desc\">{}</desc>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>\n",
        escaped(drawing.said.trim_end()),
        drawing.body
    )
}

fn worlds(report: &Report) -> [(&'static str, &'static str, &World); 2] {
    [("first come", FIRST_COME, &report.first_come), ("Passage", PASSAGE, &report.passage)]
}

fn served(drawing: &mut Drawing, report: &Report) {
    drawing.head(&format!("Served within {} days of the need", report.within_days));
    for line in &report.first_come.served {
        drawing.label(line.who);
        for (name, colour, world) in worlds(report) {
            let Some(share) = world.share(line.who) else { continue };
            drawing.bar(colour, share.value);
            drawing.whisker(part(share.low), part(share.high));
            drawing.figure(colour, &format!("{:.0} % {name}", share.value * 100.0));
        }
    }
}

fn clients(drawing: &mut Drawing, report: &Report) {
    if report.first_come.ratio(CLIENTS).is_none() && report.passage.ratio(CLIENTS).is_none() {
        return;
    }
    drawing.head("A reseller’s client over an honest person");
    drawing.label("chances of being served; 1 is equal");
    let top = drawing.y - 8;
    for (name, colour, world) in worlds(report) {
        let Some(ratio) = world.ratio(CLIENTS) else { continue };
        drawing.whisker(on_log(ratio.low), on_log(ratio.high));
        drawing.dot(colour, on_log(ratio.value));
        drawing.figure(colour, &times(ratio, name));
    }
    let one = on_log(1.0);
    let bottom = drawing.y - 12;
    drawing
        .put(&format!("<path d=\"M{one:.1} {top}V{bottom}\" stroke=\"{LINE}\" stroke-dasharray=\"3 3\"/>"));
    for (value, anchor) in [(1.0 / RATIO_MAX, "start"), (1.0, "middle"), (RATIO_MAX, "end")] {
        let text = if value < 1.0 { "1/8".to_owned() } else { format!("{value:.0}") };
        let (x, y) = (on_log(value), drawing.y);
        drawing.put(&format!(
            "<text x=\"{x:.1}\" y=\"{y}\" font-size=\"12\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }
    drawing.y += 18;
}

fn times(ratio: Bounded, name: &str) -> String {
    format!("{:.2} {name}", ratio.value)
}

fn waits(drawing: &mut Drawing, report: &Report) {
    let days = report.within_days;
    drawing.head("Days to an appointment");
    drawing.label("dot: half are served; thick line to 9 in 10;");
    drawing.label(&format!("thin to 99 in 100; mark: the last (of {days})"));
    wait_lines(drawing, report, &format!(">{days}"), |waits| waits.everybody);
    drawing.head("The same, only of those served");
    wait_lines(drawing, report, "nobody:", |waits| waits.among_served);
}

fn wait_lines(drawing: &mut Drawing, report: &Report, otherwise: &str, of: fn(&Waits) -> Percentiles) {
    for (at, first_come) in report.first_come.waits.iter().enumerate() {
        drawing.label(first_come.who);
        for (name, colour, world) in worlds(report) {
            let Some(waits) = world.waits.get(at).map(of) else { continue };
            wait(drawing, report.within_days, otherwise, (name, colour), waits);
        }
    }
}

fn wait(
    drawing: &mut Drawing,
    within_days: u32,
    otherwise: &str,
    (name, colour): (&str, &str),
    waits: Percentiles,
) {
    let place =
        |days: Option<u32>| part(f64::from(days.unwrap_or(within_days)) / f64::from(within_days.max(1)));
    let Percentiles { p50_days, p90_days, p99_days, max_days } = waits;
    let [half, nine, almost, last] = [p50_days, p90_days, p99_days, max_days].map(place);
    let y = f64::from(drawing.y) - 4.5;
    let (top, bottom) = (y - 4.0, y + 4.0);
    drawing.put(&format!(
        "<path d=\"M{LEFT} {y}H{RIGHT}\" stroke=\"#dddddd\"/>\
         <path d=\"M{nine:.1} {y}H{almost:.1}M{last:.1} {top}V{bottom}\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\
         <path d=\"M{half:.1} {y}H{nine:.1}\" stroke=\"{colour}\" stroke-width=\"4\"/>"
    ));
    if p50_days.is_some() {
        drawing.dot(colour, half);
    }
    let days = |days: Option<u32>| days.map_or_else(|| otherwise.to_owned(), |days| days.to_string());
    let [half, nine, almost, last] = [p50_days, p90_days, p99_days, max_days].map(days);
    let both = if half == nine { half } else { format!("{half}, {nine}") };
    drawing.figure(colour, &format!("{both} {name}"));
    drawing.say(&format!("99 in 100: {almost}, the last: {last};"));
}

fn seats(drawing: &mut Drawing, report: &Report) {
    drawing.head("Seats wasted");
    drawing.label("missed, held, refused, or empty");
    for (name, colour, world) in worlds(report) {
        let Some(wasted) = world.wasted else { continue };
        drawing.bar(colour, wasted.value);
        drawing.figure(colour, &format!("{:.1} % {name}", wasted.value * 100.0));
    }
    if report.first_come.rent_eur_per_slot.is_none() && report.passage.rent_eur_per_slot.is_none() {
        return;
    }
    drawing.head("What a client’s advantage is worth");
    for (name, colour, world) in worlds(report) {
        let Some(rent) = world.rent_eur_per_slot.map(|rent| rent.to_digits(2)) else { continue };
        let text = format!("{name}: {:.2} € a slot ({:.2} to {:.2})", rent.value, rent.low, rent.high);
        drawing.text(colour, LEFT, &text);
        drawing.say(&format!("{text}."));
        drawing.y += 18;
    }
}

/// The position of a share on the axis.
fn part(share: f64) -> f64 {
    LEFT + (RIGHT - LEFT) * share.clamp(0.0, 1.0)
}

/// The position of a ratio on its axis.
fn on_log(ratio: f64) -> f64 {
    let place = ratio.clamp(1.0 / RATIO_MAX, RATIO_MAX).ln() / RATIO_MAX.ln();
    part(place.midpoint(1.0))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

struct Drawing {
    body: String,
    /// The description: what the picture shows, in words.
    said: String,
    /// The base line of what comes next.
    y: u32,
}

impl Drawing {
    fn put(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    fn say(&mut self, text: &str) {
        let _ = write!(self.said, "{text} ");
    }

    fn text(&mut self, colour: &str, x: f64, text: &str) {
        let y = self.y;
        self.put(&format!("<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\">{}</text>", escaped(text)));
    }

    fn title(&mut self, title: &str) {
        let mut lines = vec![String::new()];
        for word in title.split_whitespace() {
            let last = lines.last_mut().expect("never empty");
            if !last.is_empty() && last.chars().count() + word.chars().count() >= TITLE_WIDTH {
                lines.push(word.to_owned());
            } else {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(word);
            }
        }
        for line in lines {
            let y = self.y;
            self.put(&format!(
                "<text x=\"{LEFT}\" y=\"{y}\" font-size=\"16\" font-weight=\"bold\">{}</text>",
                escaped(&line)
            ));
            self.y += 21;
        }
    }

    fn legend(&mut self) {
        let y = self.y;
        for (x, colour, name) in [(LEFT, FIRST_COME, "first come, first served"), (190.0, PASSAGE, "Passage")]
        {
            self.put(&format!(
                "<rect x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\
                 <text x=\"{}\" y=\"{y}\">{name}</text>",
                y - 11,
                x + 17.0
            ));
        }
        self.y += 14;
    }

    fn head(&mut self, text: &str) {
        self.y += 16;
        let y = self.y;
        self.put(&format!(
            "<text x=\"{LEFT}\" y=\"{y}\" font-size=\"14\" font-weight=\"bold\">{text}</text>"
        ));
        self.say(&format!("{text}:"));
        self.y += 20;
    }

    fn label(&mut self, text: &str) {
        self.text(INK, LEFT, text);
        self.say(&format!("{text}:"));
        self.y += 17;
    }

    fn bar(&mut self, colour: &str, share: f64) {
        let (y, length) = (self.y - 11, part(share) - LEFT);
        self.put(&format!(
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{:.1}\" height=\"13\" fill=\"#eeeeee\"/>\
             <rect x=\"{LEFT}\" y=\"{y}\" width=\"{length:.1}\" height=\"13\" fill=\"{colour}\"/>",
            RIGHT - LEFT
        ));
    }

    fn whisker(&mut self, from: f64, to: f64) {
        let y = f64::from(self.y) - 4.5;
        self.put(&format!("<path d=\"M{from:.1} {y}H{to:.1}\" stroke=\"{INK}\" stroke-width=\"2\"/>"));
    }

    fn dot(&mut self, colour: &str, x: f64) {
        let y = f64::from(self.y) - 4.5;
        self.put(&format!("<circle cx=\"{x:.1}\" cy=\"{y}\" r=\"5.5\" fill=\"{colour}\"/>"));
    }

    /// The figure of a bar, to its right; the bar is done.
    fn figure(&mut self, colour: &str, text: &str) {
        self.text(colour, f64::from(TEXT), text);
        self.say(&format!("{text};"));
        self.y += 18;
    }

    fn note(&mut self, text: &str) {
        self.y += 10;
        let y = self.y;
        self.put(&format!("<text x=\"{LEFT}\" y=\"{y}\" font-size=\"12\">{text}</text>"));
        self.say(&format!("{text}."));
        self.y += 8;
    }
}
