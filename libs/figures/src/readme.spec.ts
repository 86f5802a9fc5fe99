import { lossCurves, renderReport } from './index.ts';

it('renders a report as the README shows', () => {
  const html = renderReport({
    title: '8x8_c8_S2_tele',
    facts: [['Parameters', 4977]],
    sections: [
      {
        heading: 'Training',
        figures: [
          {
            figure: lossCurves({ training: [2.1, 1.4], validation: [2.2, 1.6] }),
            caption: 'Loss per epoch.',
          },
        ],
      },
    ],
  });
  expect(html).toContain('<title>8x8_c8_S2_tele</title>');
  expect(html).toContain('Loss per epoch.');
});
