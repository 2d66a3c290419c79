import { Button, Code, Group, Stack, Switch, Tabs, Text } from "@mantine/core";
import type { VisitorProof as Proof } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { PROOF_SNIPPETS } from "./proof-snippets.ts";
import { useRenewSecret, useRequireProof, useVisitorProof } from "./use-visitor-proof.ts";

/** By what visitors prove who they are: the secret, how a server uses it, and whether everybody must. */
export function VisitorProof() {
  const { t } = useLanguage();
  const shown = useVisitorProof();
  return (
    <Card title={t("proof.title")} help={t("proof.help")}>
      {shown.state === "loading" && <Loading rows={3} />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && <ProofSettings proof={shown.proof} />}
    </Card>
  );
}

function ProofSettings({ proof: { secrets, required } }: { proof: Proof }) {
  const { t, format } = useLanguage();
  const [isSeen, setSeen] = useState(false);
  const [asked, setAsked] = useState<"require" | "renew" | null>(null);
  const require = useRequireProof();
  const renew = useRenewSecret();
  const deed = asked === "renew" ? renew : require;
  const close = () => {
    setAsked(null);
    deed.reset();
  };
  const newest = secrets[0];
  return (
    <Stack gap="sm">
      <Secret name={t("proof.ofHashes")} value={newest?.secret ?? ""} isSeen={isSeen} />
      <Secret name={t("proof.ofTokens")} value={newest?.tokenSecret ?? ""} isSeen={isSeen} />
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => setSeen(!isSeen)}>
          {t(isSeen ? "proof.hide" : "proof.show")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setAsked("renew")}>
          {t("proof.renew")}
        </Button>
        <Text size="xs" className="quiet">
          {t("proof.since", { at: format.date(newest?.since ?? 0) })}
        </Text>
      </Group>
      <Switch
        label={t("proof.required")}
        description={t("proof.required.help")}
        checked={required}
        onChange={() => (required ? require.does({ required: false }) : setAsked("require"))}
      />
      <Snippets />
      <Confirm
        opened={asked !== null}
        question={t(asked === "renew" ? "proof.renew.ask" : "proof.required.ask")}
        explanation={t(asked === "renew" ? "proof.renew.explain" : "proof.required.explain")}
        deed={t(asked === "renew" ? "proof.renew" : "proof.required.do")}
        isBusy={deed.isBusy}
        problem={deed.problem}
        onClose={close}
        onDo={() => (asked === "renew" ? renew.does({}, close) : require.does({ required: true }, close))}
      />
    </Stack>
  );
}

function Secret({ name, value, isSeen }: { name: string; value: string; isSeen: boolean }) {
  return (
    <Group gap="xs">
      <Text size="sm" miw={190}>
        {name}
      </Text>
      <Code fz="sm" style={{ overflowWrap: "anywhere" }} aria-label={name}>
        {isSeen ? value : "••••••••••••••••••••••••"}
      </Code>
      <CopyButton value={value} isQuiet />
    </Group>
  );
}

function Snippets() {
  return (
    <Tabs defaultValue="Node">
      <Tabs.List>
        {Object.keys(PROOF_SNIPPETS).map((name) => (
          <Tabs.Tab key={name} value={name}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {Object.entries(PROOF_SNIPPETS).map(([name, snippet]) => (
        <Tabs.Panel key={name} value={name} pt="xs">
          <Code block>{snippet}</Code>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
