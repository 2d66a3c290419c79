import { Kbd, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type Ref, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";

/** Finds customers from anywhere. */
export function Search({ ref }: { ref: Ref<HTMLInputElement> }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [q, setQ] = useState("");
  const seek = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: "/customers", search: q.trim() ? { q: q.trim() } : {} });
    setQ("");
  };
  return (
    <search style={{ flex: "1 1 auto", maxWidth: "26rem", minWidth: 0 }}>
      <form onSubmit={seek}>
        <TextInput
          ref={ref}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
          aria-label={t("app.search")}
          placeholder={t("app.searchHint")}
          leftSection={<Icon name="search" size={16} />}
          rightSection={
            <Kbd size="xs" visibleFrom="sm">
              /
            </Kbd>
          }
        />
      </form>
    </search>
  );
}
