package store

import (
	"context"
	"database/sql"
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
// a copy that somebody restored, that one is opened. The old connections are the only way to the old
// content, so they are left last, when new ones stand.

// logs are the suffixes of the files that SQLite has beside the database while it is open.
var logs = [...]string{"-wal", "-shm"}

// there tells whether the file at path is the one that is open, and if not whether there is another.
func (p *pools) there(path string) (another, same bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, false, nil
	case err != nil:
		return false, false, fmt.Errorf("cannot look for the store: %w: check its directory", err)
	}
	return true, os.SameFile(info, p.file), nil
}

// stay returns connections to the file that is at s.path now. saving is held.
func (s *SQLite) stay(ctx context.Context) (*pools, error) {
	if s.closed {
		return nil, fmt.Errorf("the store %s is closed: %w", s.path, sql.ErrConnDone)
	}
	p := s.pools.Load()
	another, same, err := p.there(s.path)
	if err != nil || same {
		return p, err
	}
	if !another {
		if err := s.putBack(ctx, p); err != nil {
			return nil, err
		}
	}
	fresh, err := s.connect(ctx)
	if err != nil {
		return nil, err // the next Save tries again
	}
	s.pools.Store(fresh)
	p.abandon() //nolint:errcheck // what it held is in its place, or was left behind by who put another there
	return fresh, nil
}

// putBack writes what p holds to s.path, where there is nothing.
func (s *SQLite) putBack(ctx context.Context, p *pools) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("the store was removed and its directory cannot be made again: %w: check its disk", err)
	}
	whole, err := s.copyOf(ctx, p)
	if err != nil {
		return s.explain("write again", err)
	}
	if err := p.removeLogs(s.path); err != nil {
		return err
	}
	switch err := putName(whole, s.path); {
	case errors.Is(err, fs.ErrExist):
		s.whole = "" // it is the person's now
		return fmt.Errorf("the store %s was removed and another program made it anew: what it held is in %s: "+
			"'dhtop export --limit 0 --store sqlite:%s | dhtop import -' adds what the new one lacks", s.path, whole, whole)
	case err != nil:
		return fmt.Errorf("put the removed store back: %w: its content is in %s", err, whole)
	}
	s.whole = ""
	return nil
}

// copyOf writes what p holds to a new file beside s.path. Of several attempts the last copy stays.
func (s *SQLite) copyOf(ctx context.Context, p *pools) (path string, err error) {
	file, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".whole-*") // for us alone: mode 0600
	if err != nil {
		return "", err
	}
	file.Close() //nolint:errcheck // nothing was written
	if _, err := p.write.ExecContext(ctx, "VACUUM INTO ?", file.Name()); err != nil {
		os.Remove(file.Name()) //nolint:errcheck // it is not whole
		return "", err
	}
	if s.whole != "" {
		os.Remove(s.whole) //nolint:errcheck // it may have been taken away
	}
	s.whole = file.Name()
	return s.whole, nil
}

// putName gives a file its place, unless there is another: a link, unlike a rename, does not replace what
// another process may have made there meanwhile.
func putName(file, path string) error {
	err := os.Link(file, path)
	if err == nil {
		return os.Remove(file)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	claim, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600) // the file system knows no links
	if err != nil {
		return err
	}
	return errors.Join(claim.Close(), os.Rename(file, path))
}

// removeLogs removes the log of the removed file, which would be replayed into the next one at path. A log
// that is not ours belongs to another process, which may have it open.
func (p *pools) removeLogs(path string) error {
	for i, suffix := range logs {
		info, err := os.Lstat(path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && (p.logs[i] == nil || !os.SameFile(info, p.logs[i])) {
			return fmt.Errorf("the store %s was removed, and beside it is the log of another: move %s away", path, path+suffix)
		}
		if err == nil {
			err = os.Remove(path + suffix)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the log of the removed store: %w", err)
		}
	}
	return nil
}

// abandon closes connections to a file that has lost its name, without removing the log of the file
// that has that name now, as a close does otherwise. If that cannot be had, the writer stays open.
func (p *pools) abandon() error {
	conn, err := p.write.Conn(context.Background())
	if err != nil {
		return errors.Join(err, p.read.Close())
	}
	err = conn.Raw(func(c any) error {
		control, ok := c.(sqlite.FileControl)
		if !ok {
			return errors.New("the driver has no file control")
		}
		_, err := control.FileControlPersistWAL("main", 1)
		return err
	})
	if err != nil {
		return errors.Join(err, conn.Close(), p.read.Close())
	}
	return errors.Join(conn.Close(), p.close())
}
