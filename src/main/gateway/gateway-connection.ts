/** Where the gateway of the running stack answers, and with what key. */
export interface GatewayConnection {
  /** Straight to the service, e.g. `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** The OpenAI base of the chat, e.g. `https://127.0.0.1:8443/v1` when a proxy stands in front. */
  readonly chatBaseUrl: string;
  readonly apiKey: string;
  /** Of the admin interface. */
  readonly adminKey: string;
  /** PEM of the local authority that signed the proxy's certificate. */
  readonly ca?: string;
}

/** Follows workspace and engine; undefined while no gateway is up. */
export type GatewayProvider = () => GatewayConnection | undefined;

/** Calls back after the gateway came up, went away or moved; returns the end of the subscription. */
export type GatewayStateSource = (listener: () => void) => () => void;
