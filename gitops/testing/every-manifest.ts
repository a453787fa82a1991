import { isComponent, kustomizationFolders, type Manifest, render } from './render';
import { renderWith } from './render-component';

/** What each component is built into. */
const HOME_OF_COMPONENTS: Record<string, string> = {
  'step-08-llm-d': 'step-08-llm-d/base',
  dashboard: 'dashboard/base',
};

/** Components that change what the component of the Gateway makes. */
const NEED_THE_GATEWAY = /\/(authentication|gateway-tls)$/;

/** Every object that any kustomization of ours can produce, with the folder it comes from. */
export function everyManifest(): { from: string; manifest: Manifest }[] {
  return kustomizationFolders().flatMap((folder) => {
    const home = HOME_OF_COMPONENTS[folder.split('/')[0] ?? ''] ?? '';
    const needs = NEED_THE_GATEWAY.test(folder) ? [folder.replace(NEED_THE_GATEWAY, '/gateway')] : [];
    const manifests = isComponent(folder) ? renderWith(home, [...needs, folder]) : render(folder);
    return manifests.map((manifest) => ({ from: folder, manifest }));
  });
}
