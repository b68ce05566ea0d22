//! Macros for faults.

/// A fault in the events with one name.
macro_rules! event {
    ($event:literal, |$data:ident| $change:expr) => {
        $crate::proxy::Break::Packet(|packet| match packet {
            $crate::packet::Packet::Event { name, data } if name == $event => {
                #[allow(unused_mut, reason = "not every change changes the data")]
                let mut $data = data;
                $change
            }
            other => $crate::fault::as_is(other),
        })
    };
}

/// Changes the payloads of the events of one name.
macro_rules! data {
    ($event:literal, |$data:ident| $change:expr) => {
        event!($event, |$data| {
            $change;
            vec![(0, $crate::packet::Packet::Event { name: $event.to_owned(), data: $data })]
        })
    };
}

macro_rules! drop_event {
    ($event:literal) => {
        event!($event, |_data| vec![])
    };
}

macro_rules! double {
    ($event:literal) => {
        event!($event, |data| {
            let packet = $crate::packet::Packet::Event { name: $event.to_owned(), data };
            vec![(0, packet.clone()), (0, packet)]
        })
    };
}

macro_rules! rename {
    ($event:literal, $other:literal) => {
        event!($event, |data| vec![(0, $crate::packet::Packet::Event { name: $other.to_owned(), data })])
    };
}

macro_rules! delay {
    ($event:literal) => {
        event!($event, |data| vec![(300, $crate::packet::Packet::Event { name: $event.to_owned(), data })])
    };
}

/// Changes acknowledgements.
macro_rules! ack {
    (|$answer:ident| $change:expr) => {
        $crate::proxy::Break::Packet(|packet| match packet {
            $crate::packet::Packet::Ack { id, answer } => {
                let mut $answer = answer;
                $change;
                vec![(0, $crate::packet::Packet::Ack { id, answer: $answer })]
            }
            other => $crate::fault::as_is(other),
        })
    };
}

/// Changes the errors in error events and acknowledgements that have this message.
macro_rules! error {
    ($message:literal, |$error:ident| $change:expr) => {
        $crate::proxy::Break::Packet(|mut packet| {
            let place = match &mut packet {
                $crate::packet::Packet::Event { name, data } if name == "error" => Some(data),
                $crate::packet::Packet::Ack { answer, .. } => answer.get_mut("error"),
                _ => None,
            };
            if let Some($error) = place
                && $error["message"] == $message
            {
                $change;
            }
            $crate::fault::as_is(packet)
        })
    };
}

macro_rules! rest {
    ($method_and_path:literal, |$status:ident, $headers:ident, $body:ident| $change:expr) => {
        $crate::proxy::Break::Rest(|_, target, $status, $headers, $body| {
            let _: (&mut axum::http::StatusCode, &mut axum::http::HeaderMap, &mut serde_json::Value) =
                (&mut *$status, &mut *$headers, &mut *$body);
            if target.starts_with($method_and_path) {
                $change;
            }
        })
    };
}

/// Changes the messages in a page of a channel's history, given the proxy's memory and the query.
macro_rules! page {
    (|$memory:pat_param, $query:pat_param, $messages:ident| $change:expr) => {
        $crate::proxy::Break::Rest(|$memory, target, _, _, body| {
            let Some($query) = target.strip_prefix("GET /api/messages?") else { return };
            if let Some($messages) = body["data"]["messages"].as_array_mut() {
                $change;
            }
        })
    };
}

/// The packets that replace a packet from the server, given the earlier traffic.
macro_rules! log {
    (|$memory:pat_param, $to:pat_param, $told:pat_param, $packet:pat_param| $sent:expr) => {
        $crate::proxy::Break::Log { up: |_, text| Some(text), down: |$memory, $to, $told, $packet| $sent }
    };
}

/// Changes the entries of a log, or other packets about it.
macro_rules! told {
    ($told:pat, |$data:ident| $change:expr) => {
        log!(|_, to, told, mut packet| {
            if let ($told, Some($data)) = (told, packet.data_mut()) {
                $change;
            }
            $crate::fault::pass(to, packet)
        })
    };
}
