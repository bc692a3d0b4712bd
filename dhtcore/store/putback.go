package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
)

// A file that is removed while it is open goes on to exist for those who have it open, and what they
// write goes with them. So every Save looks whether the file is still there. If it is gone, its content
// is written again, from the connection that still sees it; if there is another one in its place, such as
// a copy that somebody restored, that one is opened.

// there tells whether the file at path is the one that is open, and if not whether there is another.
func (p *pools) there(path string) (another, same bool) {
	info, err := os.Stat(path)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist), false
	}
	return true, os.SameFile(info, p.file)
}

// stay returns connections to the file that is at s.path now. saving is held.
func (s *SQLite) stay(ctx context.Context) (*pools, error) {
	p := s.pools.Load()
	another, same := p.there(s.path)
	if same {
		return p, nil
	}
	if !another {
		if err := s.putBack(ctx, p); err != nil {
			return nil, err
		}
	} else if err := p.abandon(ctx); err != nil {
		return nil, s.explain("leave the old file of", err)
	}
	fresh, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.pools.Store(fresh)
	return fresh, nil
}

// putBack writes what p holds to s.path and closes p.
func (s *SQLite) putBack(ctx context.Context, p *pools) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("the store was removed and its directory cannot be made again: %w: check its disk", err)
	}
	whole := s.path + ".whole"
	os.Remove(whole) //nolint:errcheck // of an attempt that failed; if it stays, the next line tells
	if _, err := p.write.ExecContext(ctx, "VACUUM INTO ?", whole); err != nil {
		return s.explain("write again", err)
	}
	if err := errors.Join(os.Chmod(whole, 0o600), p.abandon(ctx)); err != nil {
		return s.explain("write again", err)
	}
	for _, suffix := range []string{"-wal", "-shm"} { // of the removed file: they would be replayed into the new one
		if err := os.Remove(s.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the log of the removed store: %w", err)
		}
	}
	// A link, unlike a rename, does not replace what another process may have made here meanwhile.
	if err := os.Link(whole, s.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("put the removed store back: %w", err)
	}
	return os.Remove(whole)
}

// abandon closes connections to a file that has lost its name, without removing the log of the file
// that has that name now, as a close does otherwise.
func (p *pools) abandon(ctx context.Context) error {
	conn, err := p.write.Conn(ctx)
	if err != nil {
		return errors.Join(err, p.close())
	}
	err = conn.Raw(func(c any) error {
		control, ok := c.(sqlite.FileControl)
		if !ok {
			return errors.New("the driver has no file control")
		}
		_, err := control.FileControlPersistWAL("main", 1)
		return err
	})
	return errors.Join(err, conn.Close(), p.close())
}
