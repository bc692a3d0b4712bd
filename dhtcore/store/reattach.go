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

// A file that is deleted while it is open lives on until its last connection closes, and everything written to it is
// lost then. So every Save checks the path first. If the file is gone, its content is copied back through the
// connection that still has it; if another file took its place, such as a restored backup, that one is opened. The old
// connections are the only way to the old content, so they close last, after the new ones stand.

// walSuffixes are those of the files that SQLite keeps beside an open database: the log and its index.
var walSuffixes = [...]string{"-wal", "-shm"}

// inPlace reports whether a file exists at path, and whether it is the one that is open.
func (p *pools) inPlace(path string) (exists, same bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, false, nil
	case err != nil:
		return false, false, fmt.Errorf("cannot look for the store: %w: check its directory", err)
	}
	return true, os.SameFile(info, p.file), nil
}

// reattach returns connections to the file that is at s.path now. The caller holds saving.
func (s *SQLite) reattach(ctx context.Context) (*pools, error) {
	if s.closed {
		return nil, fmt.Errorf("the store %s is closed: %w", s.path, sql.ErrConnDone)
	}
	p := s.pools.Load()
	exists, same, err := p.inPlace(s.path)
	if err != nil || same {
		return p, err
	}
	if !exists {
		if err := s.restore(ctx, p); err != nil {
			return nil, err
		}
	}
	next, err := s.connect(ctx)
	if err != nil {
		return nil, err // the next Save tries again
	}
	s.pools.Store(next)
	p.detach() //nolint:errcheck // its content is in place again, or somebody replaced it on purpose
	return next, nil
}

// restore writes the content of p to s.path, where no file is.
func (s *SQLite) restore(ctx context.Context, p *pools) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("the store was deleted and its directory cannot be created again: %w: check its disk", err)
	}
	rescued, err := s.rescue(ctx, p)
	if err != nil {
		return s.explain("restore", err)
	}
	if err := p.removeLog(s.path); err != nil {
		return err
	}
	switch err := linkInPlace(rescued, s.path); {
	case errors.Is(err, fs.ErrExist):
		s.rescued = "" // it belongs to the user now
		return fmt.Errorf("the store %s was deleted, and another program created a new one: the old content is in %s: "+
			"'dhtop export --limit 0 --store sqlite:%s | dhtop import -' adds it to the new one", s.path, rescued, rescued)
	case err != nil:
		return fmt.Errorf("cannot restore the deleted store: %w: its content is in %s: check its directory", err, rescued)
	}
	s.rescued = ""
	return nil
}

// rescue writes the content of p to a new file beside s.path. After several attempts only the last copy remains.
func (s *SQLite) rescue(ctx context.Context, p *pools) (path string, err error) {
	file, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".rescued-*") // mode 0600
	if err != nil {
		return "", err
	}
	file.Close() //nolint:errcheck // nothing was written
	if _, err := p.write.ExecContext(ctx, "VACUUM INTO ?", file.Name()); err != nil {
		os.Remove(file.Name()) //nolint:errcheck // the copy is incomplete
		return "", err
	}
	if s.rescued != "" {
		os.Remove(s.rescued) //nolint:errcheck // somebody may have taken it
	}
	s.rescued = file.Name()
	return s.rescued, nil
}

// linkInPlace moves a file to path unless another exists there: unlike a rename, a link never replaces what another
// process may have created meanwhile.
func linkInPlace(file, path string) error {
	err := os.Link(file, path)
	if err == nil {
		return os.Remove(file)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	claim, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600) // the file system has no hard links
	if err != nil {
		return err
	}
	return errors.Join(claim.Close(), os.Rename(file, path))
}

// removeLog removes the log of the deleted file, which SQLite would otherwise replay into the next file at path. It
// leaves a log that is not ours: another process may have it open.
func (p *pools) removeLog(path string) error {
	for i, suffix := range walSuffixes {
		info, err := os.Lstat(path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && (p.logs[i] == nil || !os.SameFile(info, p.logs[i])) {
			return fmt.Errorf("the store %s was deleted, but the log of another is beside it: move %s away", path, path+suffix)
		}
		if err == nil {
			err = os.Remove(path + suffix)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot remove the log of the deleted store: %w: check its directory", err)
		}
	}
	return nil
}

// detach closes connections to a file that has lost its name. An ordinary close would remove the log of the file
// that has the name now. If it cannot keep that log, it leaves the writer open.
func (p *pools) detach() error {
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
