// Makes and shows passkeys: asks the server what is to be signed, the authenticator to sign it, and posts the answer
// with the form. Without this file, or without an authenticator, the page's recovery code does the same. A passkey is
// bound to a name: a page that was opened by another one says where to go.
for (const notice of document.querySelectorAll("[data-passkey-home]")) {
  notice.hidden = new URL(notice.dataset.passkeyHome).hostname === location.hostname;
}
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    try {
      const headers = { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
      const asked = await fetch(form.dataset.options, { method: "POST", headers });
      if (!asked.ok) return form.submit(); // the page that answers says why
      const options = await asked.json();
      const credential =
        form.dataset.passkey === "add"
          ? await navigator.credentials.create({
              publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
            })
          : await navigator.credentials.get({
              publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
            });
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      problem.hidden = false;
      form.querySelector("button").disabled = false;
    }
  });
}
