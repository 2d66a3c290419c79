import { openFakeGateway } from "./fake-gateway.ts";
import { gatewayContract } from "./gateway-contract.ts";

gatewayContract("the fake gateway", async () => {
  const gateway = openFakeGateway("sms", {
    "+13125550188": "unknown",
    "+13125550189": "busy",
    "+13125550190": "vanishing",
  });
  return {
    gateway,
    addresses: { good: "+13125550101", unknown: "+13125550188", busy: "+13125550189", vanishing: "+13125550190" },
    delivered: () => gateway.handedOver.map(({ to, content }) => ({ to, text: content.text })),
    close: () => gateway.close(),
  };
});
