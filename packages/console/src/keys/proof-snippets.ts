/** How a company's own server makes the proof of a visitor: HMAC-SHA256 of the user id, in hex; or a token (JWT). */
export const PROOF_SNIPPETS = {
  Node: `import { createHmac } from "node:crypto";

const userHash = createHmac("sha256", process.env.RAPPORT_HASH_SECRET)
  .update(user.id)
  .digest("hex");`,
  PHP: `$userHash = hash_hmac("sha256", $user->id, getenv("RAPPORT_HASH_SECRET"));`,
  Python: `import hashlib, hmac, os

user_hash = hmac.new(os.environ["RAPPORT_HASH_SECRET"].encode(),
                     user.id.encode(), hashlib.sha256).hexdigest()`,
  "Node, by a token": `// npm install jsonwebtoken
const userToken = jwt.sign({}, process.env.RAPPORT_TOKEN_SECRET, {
  algorithm: "HS256",
  subject: user.id,
  expiresIn: "1h",
});`,
  "In the page": `analytics.identify("USER_ID", {}, { context: { userHash: "…from your server…" } });`,
} as const;
