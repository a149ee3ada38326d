/** Files of exactly what a list's filters let pass, in the list's order. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { FileKind } from '~/api/client';
import { text } from '~/text';
import { saveAs } from './page';

type ExportProps = {
  label: string;
  name: string;
  file: (kind: FileKind) => Promise<Response>;
  onProblem: (problem: unknown) => void;
};

export function ExportMenu({ label, name, file, onProblem }: ExportProps) {
  const [busy, setBusy] = useState(false);
  const save = async (kind: FileKind): Promise<void> => {
    setBusy(true);
    onProblem(null);
    try {
      await saveAs(await file(kind), `${name}.${kind}`);
    } catch (error) {
      onProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          rightSection={<IconChevronDown size={12} aria-hidden />}
          loading={busy}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save('csv')}>{text.export.csv}</Menu.Item>
        <Menu.Item onClick={() => void save('ndjson')}>{text.export.ndjson}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
