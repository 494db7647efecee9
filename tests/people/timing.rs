//! Whether somebody is known cannot be told from how long a refusal takes: many refusals of both kinds, one after the
//! other, compared by their ranks. The same comparison finds two milliseconds, so it could fail.

use std::time::{Duration, Instant};

use passage::domain::rank_sum::{Ranked, standard_score};
use passage::flow::status;

use crate::common::{TestApp, depth, on_both};
use crate::{SEEN, somebody};

/// Chance goes beyond this once in a million runs.
const ALIKE_Z: f64 = 5.0;
const UNKNOWN: &str = "ZZZZ-ZZZZ-Z";

/// How the times of refusals of a known and of an unknown reference differ, in standard deviations.
async fn difference(app: &TestApp, known: &str, more_for_known: Option<Duration>) -> f64 {
    let mut times = Vec::new();
    for turn in 0..i64::from(depth(45, 3_000)) {
        for (reference, is_known) in [(known, true), (UNKNOWN, false)] {
            let begun = Instant::now();
            assert!(status::find(&app.app, reference, "06/01/1990").await.is_err());
            if let (true, Some(more)) = (is_known, more_for_known) {
                tokio::time::sleep(more).await;
            }
            let took = i64::try_from(begun.elapsed().as_nanos()).unwrap();
            // What else the machine does changes slowly: each is compared with its neighbours.
            times.push(Ranked { group: turn / 15, came: took, won: is_known });
        }
    }
    standard_score(times).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_date_and_an_unknown_reference_take_the_same_time() {
    on_both(async |app: TestApp| {
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let known = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let alike = difference(&app, &known, None).await;
        assert!(alike.abs() < ALIKE_Z, "the times tell who is known: {alike}");
        let control = difference(&app, &known, Some(Duration::from_millis(2))).await;
        assert!(control > ALIKE_Z, "the comparison finds nothing: {control}");
        println!("known against unknown: {alike:.2} standard deviations; with 2 ms more: {control:.2}");
    })
    .await;
}
