// Makes and shows passkeys: asks the server what is to be signed, the authenticator to sign it, and posts the answer
// with the form. Without this file, or without an authenticator, the page's recovery code does the same.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    try {
      const headers = { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
      const asked = await fetch(form.dataset.options, { method: "POST", headers });
      if (!asked.ok) throw new Error(`${asked.status}`);
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
