import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

/** A key and its certificate, as files and as PEM. */
export type Certificate = { keyFile: string; certFile: string; key: string; cert: string };

export type Certificates = {
  /** The authority that signed `good` and `otherName`, PEM. */
  roots: string;
  rootsFile: string;
  /** For localhost and 127.0.0.1. */
  good: Certificate;
  /** Signed by the authority, for another host. */
  otherName: Certificate;
  /** For localhost and 127.0.0.1, signed by itself. */
  selfSigned: Certificate;
  close: () => void;
};

/** An authority and what servers show, made by openssl in a folder that `close` removes. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(`${tmpdir()}/certificates-`);
  chmodSync(folder, 0o755);
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

  const certificate = (name: string, hosts: string, signer: string[]): Certificate => {
    const [keyFile, certFile] = [`${folder}/${name}.key`, `${folder}/${name}.pem`];
    openssl(
      "req",
      "-x509",
      ...KEY,
      "-keyout",
      keyFile,
      "-out",
      certFile,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      ...signer,
      "-addext",
      hosts,
    );
    return { keyFile, certFile, key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
  };
  const here = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  const authority = certificate("authority", "keyUsage=critical,keyCertSign", []);
  const signed = [
    "-CA",
    authority.certFile,
    "-CAkey",
    authority.keyFile,
    "-addext",
    "basicConstraints=critical,CA:FALSE",
  ];
  return {
    roots: authority.cert,
    rootsFile: authority.certFile,
    good: certificate("good", here, signed),
    otherName: certificate("other", "subjectAltName=DNS:other.test", signed),
    selfSigned: certificate("self", here, []),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
