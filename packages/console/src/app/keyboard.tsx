import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import type { Key } from "../language/languages.ts";
import { useLanguage } from "../language/use-language.tsx";

const ROOMS = { p: "/pulse", c: "/customers", d: "/decisions" } as const;
/** How long `g` waits for the letter of the room. */
const CHORD_MS = 1_200;

const HELP: [keys: string[], words: Key & `app.keys.${string}`][] = [
  [["/"], "app.keys.search"],
  [["g", "p"], "app.keys.pulse"],
  [["g", "c"], "app.keys.customers"],
  [["g", "d"], "app.keys.decisions"],
  [["j"], "app.keys.next"],
  [["k"], "app.keys.previous"],
  [["Enter"], "app.keys.open"],
  [["?"], "app.keys.help"],
];

/** The keys that work in every room, and the card that shows them. */
export function Keyboard({ onSearch }: { onSearch: () => void }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [isHelping, setHelping] = useState(false);
  const chordUntil = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { key } = event;
      const room = event.timeStamp < chordUntil.current && isRoomKey(key) ? ROOMS[key] : null;
      chordUntil.current = key === "g" ? event.timeStamp + CHORD_MS : 0;
      if (room) void navigate({ to: room });
      else if (key === "/") onSearch();
      else if (key === "?") setHelping((is) => !is);
      else if (key === "j" || key === "k") moveInList(key === "j" ? 1 : -1);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate, onSearch]);
  return (
    <Modal
      opened={isHelping}
      onClose={() => setHelping(false)}
      title={t("app.keys")}
      centered
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      <Stack gap="xs">
        {HELP.map(([keys, words]) => (
          <Group key={words} justify="space-between">
            <Text size="sm">{t(words)}</Text>
            <Group gap={6}>
              {keys.map((key, index) => (
                <Group key={key} gap={6}>
                  {index > 0 && (
                    <Text size="xs" className="quiet">
                      {t("app.keys.then")}
                    </Text>
                  )}
                  <Kbd>{key}</Kbd>
                </Group>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}

const isRoomKey = (key: string): key is keyof typeof ROOMS => Object.hasOwn(ROOMS, key);

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Rows are links marked `data-row`: moving is focusing, and Enter opens as for any link. */
function moveInList(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const here = rows.indexOf(document.activeElement as HTMLElement);
  const next = here === -1 ? (step === 1 ? 0 : rows.length - 1) : here + step;
  rows[next]?.focus();
}
