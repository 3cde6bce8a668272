//! Single flight: whoever asks for what is already on its way waits for that. The flight is a task of its own, so
//! that nobody's going away ends it for the others; its limits end it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use tokio::sync::watch;

use super::cache::Key;
use super::failure::Failure;

/// What lands.
type Landed = Result<Bytes, Failure>;
/// Which flight: the request and the largest answer that is of use.
type Number = (Key, u32);

/// The flights under way.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights(Arc<Mutex<BTreeMap<Number, watch::Receiver<Option<Landed>>>>>);

impl Flights {
    /// Waits for a flight, which begins unless it is already under way.
    pub(super) async fn join(
        &self,
        number: Number,
        flight: impl Future<Output = Landed> + Send + 'static,
    ) -> Landed {
        let mut landing = self.find_or_begin(number, flight);
        let landed = landing.wait_for(Option::is_some).await;
        // the sender is gone without a word only when the runtime is shut down
        landed.ok().and_then(|landed| landed.clone()).unwrap_or_else(|| Err(Failure::connection("given up")))
    }

    fn find_or_begin(
        &self,
        number: Number,
        flight: impl Future<Output = Landed> + Send + 'static,
    ) -> watch::Receiver<Option<Landed>> {
        let mut flights = self.under_way();
        if let Some(landing) = flights.get(&number) {
            return landing.clone();
        }
        let (sender, landing) = watch::channel(None);
        flights.insert(number, landing.clone());
        drop(flights);
        let entry = Entry { flights: self.clone(), number };
        tokio::spawn(async move {
            let landed = flight.await;
            // from here on it is no longer under way: who comes now begins another
            drop(entry);
            sender.send_replace(Some(landed));
        });
        landing
    }

    fn under_way(&self) -> MutexGuard<'_, BTreeMap<Number, watch::Receiver<Option<Landed>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a flight off the list, however it ends.
struct Entry {
    flights: Flights,
    number: Number,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.flights.under_way().remove(&self.number);
    }
}
