// The form can be sent once the certificate in it is good.
const send = document.getElementById("send");
document.querySelector("assayer-preview").addEventListener("assayer-preview", (event) => {
  send.disabled = event.detail.verdict?.decision !== "allow";
});
