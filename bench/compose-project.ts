/** A compose file of `count` services as a medium project has them: layers that depend on each other, two networks, three volumes, no ports. */
export function composeProject(
  count: number,
  options: { readonly name: string; readonly subnet: number; readonly changed?: number },
): string {
  const services = Array.from({ length: count }, (_, index) => {
    const dependency = index < 4 ? '' : `    depends_on: [${serviceName(index % 4)}]\n`;
    const value = options.changed === index ? 'changed' : String(index);
    return `  ${serviceName(index)}:
    image: debian:bookworm-slim
    command: [sleep, "100000"]
    stop_grace_period: 0s
    environment: { INDEX: "${value}", LOG_LEVEL: info }
    networks: [${index % 2 === 0 ? 'back' : 'front'}]
    volumes: ["data${index % 3}:/data"]
${dependency}`;
  });
  return `name: ${options.name}
services:
${services.join('')}networks:
  front: { ipam: { config: [{ subnet: 10.213.${options.subnet}.0/24 }] } }
  back: { ipam: { config: [{ subnet: 10.213.${options.subnet + 1}.0/24 }] } }
volumes: { data0: , data1: , data2: }
`;
}

function serviceName(index: number): string {
  return `s${String(index).padStart(2, '0')}`;
}
