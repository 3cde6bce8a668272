//! What an upload would do, and doing it.

pub(crate) const NAME: &str = "What an upload would do";
pub(crate) const SIGN_IN: &str =
    "Sign in to see what an upload would do: it depends on what the server keeps.";
pub(crate) const TO_SIGN_IN: &str = "Sign in";
pub(crate) const FILE: &str = "File";
pub(crate) const ALL_FILES: &str = "All certificates of all files";
pub(crate) const ROOM: &str = "Certificate purpose";
pub(crate) const CHOOSE: &str = "Choose a slot or store";
pub(crate) const SLOT: &str = "{name} (our own certificate)";
pub(crate) const STORE: &str = "{name} (trust store)";
pub(crate) const NODE: &str = "Node";
pub(crate) const PUBLISHER: &str = "The publisher";
pub(crate) const DESCRIPTION: &str = "Description";
pub(crate) const REVIVE: &str = "Bring back what was deleted before";
pub(crate) const PLANNING: &str = "Planning …";
pub(crate) const WOULD_REFUSE: &str = "This upload would be refused: nothing would change";
pub(crate) const WOULD_DO: &str = "This upload can be done";
pub(crate) const WOULD_CHANGE_NOTHING: &str = "This upload would change nothing: everything is there already";
pub(crate) const MADE_HERE: &str = "Planned by the engine in this page; nothing has been sent.";
pub(crate) const MADE_THERE: &str = "Planned by the server, which was sent the file and changed nothing.";
pub(crate) const TOO_LARGE: &str = "The server keeps too much here for this page to plan with";
pub(crate) const ASK_MEANS: &str = "Instead the server can be asked what the upload would do. The file is sent to it for that; it is only a question, and nothing is stored or changed.";
pub(crate) const ASK: &str = "Send the file and ask";
pub(crate) const ASKING: &str = "The server is asked; nothing is changed by it.";
pub(crate) const STAYS_ONE: &str = "One certificate in {room} stays as it is";
pub(crate) const STAYS: &str = "{number} certificates in {room} stay as they are";
pub(crate) const PENDING: &str = "A request waits for this slot: the certificate is compared with it.";
pub(crate) const UPLOAD: &str = "Upload to {room}";
pub(crate) const UPLOADING: &str =
    "Uploading. You can go to another page meanwhile: it is done all the same.";
pub(crate) const MAY_NOT: &str = "Your role does not allow uploads to this place.";
pub(crate) const DONE: &str = "Uploaded";
pub(crate) const STALE: &str = "Nothing was uploaded: this place was changed meanwhile";
pub(crate) const STALE_MORE: &str =
    "What an upload would do now may be something else. Look at it again, then upload.";
pub(crate) const CAME: &str = "New: {subject}";
pub(crate) const WENT: &str = "Gone: {subject}";
