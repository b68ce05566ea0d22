//! The operations of the desk.

use accord_runtime::Unscoped;

use super::*;

impl Desk {
    pub fn operations(&self) -> Vec<Endpoint> {
        let desk = self.clone();
        let made = Arc::clone(&self.made);
        vec![
            Endpoint::json(&GET_ROOM, |mut arguments: Arguments<InRoom, (), Value_>| async move {
                let call = arguments.call();
                Ok::<_, Failed>(json!({ "by": call.identity().id, "input": arguments.input.0 }))
            }),
            {
                let desk = desk.clone();
                Endpoint::json(&PUT_ROOM, move |mut arguments: Arguments<Unscoped, (), Value_>| {
                    let desk = desk.clone();
                    async move {
                        let _ = (arguments.call(), desk);
                        Ok::<_, Failed>(arguments.input.0)
                    }
                })
            },
            {
                let desk = desk.clone();
                Endpoint::json(&EXPEL, move |arguments: Arguments<Unscoped, (), Value_>| {
                    let desk = desk.clone();
                    async move {
                        let text = |key: &str| arguments.input.0[key].as_str().unwrap().to_owned();
                        desk.expel(&text("room"), &text("user")).await;
                        Ok::<_, Failed>(json!({}))
                    }
                })
            },
            {
                let desk = desk.clone();
                Endpoint::json(&UPLOAD, move |mut arguments: Arguments<Unscoped, (), Value_>| {
                    let desk = desk.clone();
                    async move {
                        let mut upload: Upload = arguments.upload();
                        let (name, kind) = (upload.file_name.clone(), upload.content_type.clone());
                        let mut size = 0;
                        let result = loop {
                            match upload.chunk().await {
                                Ok(Some(piece)) => {
                                    size += piece.len();
                                    desk.arriving.notify_one();
                                }
                                Ok(None) => break Ok(size),
                                Err(error) => break Err(error.to_string()),
                            }
                            if size > 1_000_000 {
                                return Err(Failed::TooLoud);
                            }
                        };
                        desk.uploaded.lock().unwrap().push(result.clone());
                        desk.begun.notify_one();
                        result.map_err(Fault::msg)?;
                        Ok(json!({ "name": name, "type": kind, "size": size }))
                    }
                })
            },
            Endpoint::json(&GET_LARGE, move |_: Arguments<Unscoped, (), Value_>| {
                let made = Arc::clone(&made);
                async move {
                    made.fetch_add(1, Ordering::Relaxed);
                    Ok::<_, Failed>("large ".repeat(LARGE / 6))
                }
            }),
            Endpoint::json(&KNOCK, |arguments: Arguments<InRoom, (), Value_>| async move {
                Ok::<_, Failed>(arguments.input.0)
            }),
            Endpoint::raw(&GET_RAW, |arguments: Arguments<Unscoped, (), Value_>| async move {
                let text = arguments.input.0["id"].as_str().unwrap().to_owned();
                let headers = [(http::header::CONTENT_TYPE, "text/plain".parse().unwrap())].into_iter().collect();
                Ok::<_, Failed>(Download::new(headers, axum::body::Body::from(text)))
            }),
            Endpoint::json(&BREAK_REST, |arguments: Arguments<Unscoped, (), Value_>| async move {
                if arguments.call.is_some() {
                    panic!("secret panic");
                }
                Ok::<_, Failed>(())
            }),
        ]
    }
}

/// More bytes than the systems of a client and a server buffer between them.
const LARGE: usize = 4 << 20;

/// Any object, for operations; `page` has to be an integer where it is given.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
pub struct Value_(pub Value);

impl Validate for Value_ {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        let Some(object) = validate::object(value, at, violations) else { return };
        if let Some(page) = object.get("page") {
            i64::validate(page, at.key("page"), violations);
        }
    }
}

/// The declarations of an operation that differ from those that all of these share.
macro_rules! operation {
    ($name:literal $method:ident $path:literal $auth:ident $limit:expr, $scopes:expr, $parameters:expr, $body:expr, $status:literal) => {
        OperationSpec {
            name: $name,
            method: http::Method::$method,
            path: $path,
            auth: Auth::$auth,
            limit: $limit,
            scopes: $scopes,
            rooms: &[],
            durable: false,
            parameters: $parameters,
            body: $body,
            envelope: Some("data"),
            status: $status,
            failure: "Failed to do it",
        }
    };
}

const fn parameter(name: &'static str, in_path: bool, kind: ParameterKind) -> Parameter {
    Parameter { name, in_path, kind }
}

const ROOM_ID: Parameter = parameter("room", true, ParameterKind::Text);

static GET_ROOM: OperationSpec = operation!(
    "get_room" GET "/api/rooms/{room}" User None,
    IN_ROOM,
    &[ROOM_ID, parameter("page", false, ParameterKind::Number), parameter("deep", false, ParameterKind::Boolean)],
    Body::None,
    200
);
static GET_LARGE: OperationSpec = operation!("get_large" GET "/api/large" User None, &[], &[], Body::None, 200);
static KNOCK: OperationSpec = operation!(
    "knock" GET "/api/rooms/{room}/knock" User None,
    IN_ROOM,
    &[ROOM_ID, parameter("page", false, ParameterKind::Number), parameter("times", false, ParameterKind::Number)],
    Body::None,
    200
);
static PUT_ROOM: OperationSpec =
    operation!("put_room" PUT "/api/rooms/{room}" Admin None, &[], &[ROOM_ID], Body::Json, 200);
static EXPEL: OperationSpec = operation!(
    "expel" DELETE "/api/rooms/{room}/members/{user}" Admin None,
    &[],
    &[ROOM_ID, parameter("user", true, ParameterKind::Text)],
    Body::None,
    200
);
static UPLOAD: OperationSpec =
    operation!("upload" POST "/api/files" User None, &[], &[], Body::Multipart { field: "file" }, 201);
static GET_RAW: OperationSpec = operation!(
    "get_raw" GET "/files/{id}" Public Some(1),
    &[],
    &[parameter("id", true, ParameterKind::Text)],
    Body::None,
    200
);
static BREAK_REST: OperationSpec = operation!("break" POST "/api/break" User Some(0), &[], &[], Body::None, 200);
