//! The signal to stop, for work that takes long: asked between two steps, so that a step under way ends
//! and no other begins.

use tokio::sync::watch;

/// Told once, heard by every clone.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// A signal, and who gives it by sending `true`.
    pub fn signal() -> (watch::Sender<bool>, Self) {
        let (tell, asked) = watch::channel(false);
        (tell, Self(asked))
    }

    /// For work that runs to its end.
    pub fn never() -> Self {
        Self::signal().1
    }

    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for the signal; for ever if nobody is left to give it.
    pub async fn requested(&self) {
        if self.0.clone().wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::Stop;

    #[tokio::test]
    async fn every_clone_hears_the_signal_and_a_lost_sender_is_none() {
        let (tell, stop) = Stop::signal();
        let clone = stop.clone();
        assert!(!clone.is_requested() && clone.requested().now_or_never().is_none());
        tell.send(true).unwrap();
        assert!(stop.is_requested() && clone.is_requested());
        clone.requested().await;
        assert!(!Stop::never().is_requested() && Stop::never().requested().now_or_never().is_none());
    }
}
