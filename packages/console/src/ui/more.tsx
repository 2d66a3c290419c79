import { Button, Center, Text } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect } from "react";

import { useLanguage } from "../language/use-language.tsx";

/** The end of a list read page by page: coming into sight reads on; the button does it by key. */
export function More({ more, isFetchingMore }: { more: (() => void) | null; isFetchingMore: boolean }) {
  const { t } = useLanguage();
  const { ref, entry } = useIntersection({ rootMargin: "200px" });
  const isInSight = entry?.isIntersecting ?? false;
  useEffect(() => {
    if (isInSight && more && !isFetchingMore) more();
  }, [isInSight, more, isFetchingMore]);
  if (!more)
    return (
      <Text size="xs" className="quiet" ta="center" py="sm">
        {t("timeline.end")}
      </Text>
    );
  return (
    <Center py="sm" ref={ref}>
      <Button variant="subtle" size="xs" loading={isFetchingMore} onClick={more}>
        {t("do.more")}
      </Button>
    </Center>
  );
}
