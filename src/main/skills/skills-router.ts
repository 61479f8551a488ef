import { rpc } from '../rpc/implementer.ts';
import type { SkillsService } from './skills-service.ts';

export function createSkillsRouter(service: SkillsService) {
  return {
    subscribe: rpc.skills.subscribe.handler(({ signal }) => service.subscribe(signal)),
    read: rpc.skills.read.handler(({ input }) => service.read(input.id)),
    save: rpc.skills.save.handler(({ input }) => service.save(input)),
    create: rpc.skills.create.handler(({ input }) => service.create(input.name)),
    remove: rpc.skills.remove.handler(async ({ input }) => {
      await service.remove(input.id);
      return {};
    }),
  };
}
