//! What is around a page: light or dark, wide or narrow, with motion or without, with a network or without.

use serde_json::json;

use crate::browser::Browser;

/// Colours that the person prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Dark,
    Light,
}

impl Scheme {
    /// The word of CSS.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

/// Whether the person minds what moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Motion {
    Any,
    Reduced,
}

/// Where a page may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    Offline,
    Online,
}

impl Browser {
    /// Sets colours and motion that the person prefers, and the size of the page in CSS pixels.
    #[track_caller]
    pub(crate) fn emulate(&self, scheme: Scheme, motion: Motion, (width, height): (u32, u32)) {
        let motion = match motion {
            Motion::Any => "no-preference",
            Motion::Reduced => "reduce",
        };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme.word() },
            { "name": "prefers-reduced-motion", "value": motion },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    /// Takes the page's network away or gives it back. Workers keep theirs.
    #[track_caller]
    pub(crate) fn network(&self, network: Network) {
        self.devtools("Network.enable", json!({}));
        let conditions = json!({
            "offline": network == Network::Offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.emulateNetworkConditions", conditions);
    }

    /// A command of the DevTools protocol, which must be done.
    #[track_caller]
    pub(crate) fn devtools(&self, command: &str, parameters: serde_json::Value) -> serde_json::Value {
        match self.session.devtools(command, &parameters) {
            Ok(answer) => answer,
            Err(failure) => panic!("{command}: {failure}"),
        }
    }
}
