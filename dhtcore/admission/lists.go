package admission

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"dhtop/dhtcore/files"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/torrent"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// listsEvery is how often the lists of the tracker are looked at for changes.
const listsEvery = 5 * time.Second

// Lists are the lists of hashes that the tracker serves, and does not. mu guards allow, deny and stamp, also while
// the lists are read.
type Lists struct {
	Set  func(*tracker.Policy) // is told of what was read
	Warn func(text string)     // is told of what could not be read later

	mu          sync.Mutex
	allow, deny string // a file of hashes, or a directory of .torrent files; "" for none
	stamp       uint64 // of what was read last
}

// Use reads other lists, or the same ones anew. What was read last stays in force after an error.
func (l *Lists) Use(ctx context.Context, allow, deny string) error {
	l.mu.Lock()
	before, denied := l.allow, l.deny
	l.allow, l.deny, l.stamp = allow, deny, 0
	l.mu.Unlock()
	err := l.load(ctx)
	if err != nil {
		l.mu.Lock()
		l.allow, l.deny = before, denied
		l.mu.Unlock()
	}
	return err
}

// load reads the lists if they have changed.
func (l *Lists) load(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	stamp := files.Stamp(l.allow, l.deny)
	if stamp == l.stamp {
		return nil
	}
	l.stamp = stamp
	allow, err := readHashList(ctx, l.allow)
	if err != nil {
		return fmt.Errorf("--tracker-allow: %w", err)
	}
	deny, err := readHashList(ctx, l.deny)
	if err != nil {
		return fmt.Errorf("--tracker-deny: %w", err)
	}
	l.Set(&tracker.Policy{Allow: allow, Deny: deny})
	return nil
}

// Run reads the lists again when they change, until ctx ends. What was read last stays in force while one is broken.
func (l *Lists) Run(ctx context.Context) {
	for pause.For(ctx, listsEvery) {
		if err := l.load(ctx); err != nil && ctx.Err() == nil {
			l.Warn(err.Error() + ": the last list stays in force")
		}
	}
}

// readHashList reads a file with a hash or a magnet link a line, "#" before comments, or a directory of .torrent files.
// For "" it returns nil.
func readHashList(ctx context.Context, path string) (map[wire.ID]struct{}, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // no list is not an empty one
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	hashes := make(map[wire.ID]struct{})
	add := func(text string) error {
		torrents, err := torrent.Parse(ctx, text)
		for i := range torrents {
			for _, hash := range torrents[i].Hashes {
				hashes[hash] = struct{}{}
			}
		}
		return err
	}
	if info.IsDir() {
		files, err := torrent.Files(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if err := add(file); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
		return hashes, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if err := add(text); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, n, err)
		}
	}
	return hashes, lines.Err()
}
