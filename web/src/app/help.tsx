import { Kbd, Modal } from '@mantine/core';
import { text } from '~/text';

export function HelpDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.help.title} closeButtonProps={{ 'aria-label': text.close }}>
      <dl className="keys">
        {text.help.keys.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <Kbd key={key} size="sm">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="dim">{text.help.scanner}</p>
    </Modal>
  );
}
