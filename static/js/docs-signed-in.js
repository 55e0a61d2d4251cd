// The window in which a person signed in hands what came back to the reference that opened it, and closes.
const asked = window.opener?.swaggerUIRedirectOauth2;

if (asked) {
  const told = new URLSearchParams(location.search);
  const { auth, redirectUrl } = asked;
  if (told.get("state") !== asked.state) {
    asked.errCb({ authId: auth.name, source: "auth", level: "error", message: "The answer belongs to another request." });
  } else if (told.get("error") || !told.get("code")) {
    const message = told.get("error_description") || told.get("error") || "No code came back.";
    asked.errCb({ authId: auth.name, source: "auth", level: "error", message });
  } else {
    delete auth.state;
    auth.code = told.get("code");
    asked.callback({ auth, redirectUrl });
  }
  window.close();
}
