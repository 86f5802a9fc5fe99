import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'pack-test', testTimeout: 300_000 };
