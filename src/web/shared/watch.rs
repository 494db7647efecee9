//! What the second look at a draw found: in words for the prefecture, as open data for everybody.

use serde_json::{Value, json};

use crate::domain::rank_sum::ALARM_Z;
use crate::domain::statistics::{Bounded, Share};
use crate::flow::read::draws::Draw;
use crate::flow::watch::{ChannelWatch, Watch};
use crate::locale::Lang;

/// As the prefecture reads it.
pub struct WatchWords {
    pub lines: Vec<String>,
    /// Set when an inquiry is due.
    pub alarm: Option<String>,
}

fn odds(channel: &ChannelWatch) -> Option<Bounded> {
    Share { of: channel.had_chance.into(), had: channel.won.into() }.wilson()
}

fn z(watch: &Watch) -> Option<f64> {
    watch.arrival_z_thousandths.map(|z| f64::from(z) / 1000.0)
}

impl WatchWords {
    pub fn of(lang: Lang, watch: &Watch) -> Self {
        let mut lines = vec![lang.text("watch-holds")];
        if let Some(z) = z(watch) {
            let values = [("z", lang.decimal(z).into()), ("alarm", lang.decimal(ALARM_Z).into())];
            lines.push(lang.with("watch-arrival", values));
        }
        lines.extend(watch.channels.iter().filter_map(|one| channel_line(lang, one)));
        let alarm = watch.is_alarming().then(|| lang.text("watch-alarm"));
        Self { lines, alarm }
    }
}

fn channel_line(lang: Lang, channel: &ChannelWatch) -> Option<String> {
    let odds = odds(channel)?;
    let percent = |share: f64| (share * 100.0).round();
    let name = lang.text(&format!("watch-channel-{}", channel.channel.key()));
    let mut line = lang.with(
        "watch-odds",
        [
            ("channel", name.into()),
            ("won", channel.won.into()),
            ("had", channel.had_chance.into()),
            ("low", percent(odds.low).into()),
            ("high", percent(odds.high).into()),
        ],
    );
    if let Some(wait) = channel.wait {
        let days = [
            ("median", wait.median_days.into()),
            ("low", wait.low_days.into()),
            ("high", wait.high_days.into()),
        ];
        line = format!("{line} {}", lang.with("watch-wait", days));
    }
    Some(line)
}

/// As a machine reads it, without channels so small that people could be recognised.
pub fn open_data(draw: &Draw, watch: Watch) -> Value {
    let watch = watch.for_the_public();
    let channels: Vec<Value> = watch
        .channels
        .iter()
        .map(|one| {
            json!({ "channel": one.channel, "had_chance": one.had_chance, "won": one.won, "odds": odds(one),
                "wait": one.wait })
        })
        .collect();
    json!({ "type": "passage-watch/1", "draw": draw.id, "number": draw.number, "recomputed": "holds",
        "arrival_z": z(&watch), "alarm_beyond": ALARM_Z, "alarm": watch.is_alarming(), "channels": channels })
}
