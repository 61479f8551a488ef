import { type ComponentProps, memo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import classes from './chat.module.css';
import { CopyButton } from './copy-button.tsx';
import { type MarkdownBlocks, NO_BLOCKS, splitMarkdownBlocks } from './split-markdown-blocks.ts';

/** Markdown of a model: no raw HTML, no images, no way out of the window. Only the block that grows is drawn again. */
export function MarkdownText({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  const last = useRef<MarkdownBlocks>(NO_BLOCKS);
  // A cache of the last split: leaving it out would give the same blocks, only slower.
  last.current = splitMarkdownBlocks(text, last.current);
  const { blocks } = last.current;
  return (
    <div className={classes.markdown} data-streaming={isStreaming || undefined}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place; blocks are only added at the end
        <Block key={index} text={block} />
      ))}
    </div>
  );
}

const PLUGINS = [remarkGfm];

const Block = memo(function Block({ text }: { text: string }) {
  return (
    <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
      {text}
    </Markdown>
  );
});

const COMPONENTS: Components = { a: InertLink, img: ImageNote, pre: CodeBlock, table: ScrollingTable };

/** Shows where a link would go and goes nowhere: an answer must not lead the window away. */
function InertLink({ href, children }: ComponentProps<'a'>) {
  const { t } = useTranslation('chat');
  return (
    <span className={classes.link} title={t('link', { url: href ?? '' })}>
      {children}
    </span>
  );
}

/** Loading an image would tell its server that the answer was read. */
function ImageNote({ alt, src }: ComponentProps<'img'>) {
  const { t } = useTranslation('chat');
  return (
    <span className={classes.imageNote}>
      {t('image', { alt: alt || (typeof src === 'string' ? src : '') })}
    </span>
  );
}

function CodeBlock({ children }: ComponentProps<'pre'>) {
  const { t } = useTranslation('chat');
  return (
    <div className={classes.code}>
      {/* A scrolling region has to be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre tabIndex={0}>{children}</pre>
      <CopyButton className={classes.codeCopy} text={readText(children)} label={t('actions.copyCode')} />
    </div>
  );
}

function ScrollingTable({ children }: ComponentProps<'table'>) {
  return (
    <div className={classes.table}>
      <table>{children}</table>
    </div>
  );
}

/** The plain text of what React is about to draw; code blocks hold nothing but strings and one element. */
function readText(node: unknown): string {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return node.map(readText).join('');
  if (typeof node === 'object' && node !== null && 'props' in node) {
    const { props } = node;
    if (typeof props === 'object' && props !== null && 'children' in props) return readText(props.children);
  }
  return '';
}
