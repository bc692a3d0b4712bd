package torrent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"dhtop/dhtcore/metadata"
)

// maxFile bounds what is read of a .torrent file, in bytes.
const maxFile = 64 << 20

// parseFile reads a .torrent file: a path, one below "~/", or a file: URL, as file managers drop it.
func parseFile(ctx context.Context, s string) (Torrent, error) {
	path := expand(s)
	file, err := readFile(ctx, path)
	switch {
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return Torrent{}, fmt.Errorf("%q gave nothing in time: %w", path, err)
	case errors.Is(err, fs.ErrNotExist) && isWeb(s):
		return Torrent{}, refuse("%q is a web address: download the file, and pass that", s)
	case errors.Is(err, fs.ErrNotExist):
		return Torrent{}, refuse("there is no file %q: check the path", path)
	case errors.Is(err, fs.ErrPermission):
		return Torrent{}, refuse("you may not read %q: change its permissions, or pass its hash", path)
	case errors.Is(err, errTooLarge):
		return Torrent{}, refuse("%q has more than %d MiB, too much for a torrent file: pass its hash", path, maxFile>>20)
	case errors.Is(err, errDirectory):
		return Torrent{}, refuse("%q is a directory: name a .torrent file in it", path)
	case err != nil:
		return Torrent{}, refuse("cannot read %q: %s: copy it to another place, or pass its hash", path, err)
	}
	t, err := ofFile(file)
	if err != nil {
		return Torrent{}, refuse("%q is %s", path, err)
	}
	return t, nil
}

// isWeb reports whether s is the address of a web page, or of a file there.
func isWeb(s string) bool {
	scheme, _, found := strings.Cut(s, "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// ParseFile reads the content of a .torrent file.
func ParseFile(content []byte) (Torrent, error) {
	t, err := ofFile(content)
	if err != nil {
		return Torrent{}, refuse("the torrent file is %s", err)
	}
	return t, nil
}

// ofFile is the torrent of a .torrent file. The error says what the file is instead.
func ofFile(file []byte) (Torrent, error) {
	dict, err := metadata.FindInfo(file)
	if err != nil {
		return Torrent{}, errors.New(because(file, err))
	}
	t := ofInfo(bytes.Clone(dict)) // the rest of the file may go
	t.Trackers = trackersOfFile(file)
	return t, nil
}

// because says what a file is that is no torrent, with a remedy where there is one.
func because(file []byte, err error) string {
	start := bytes.TrimSpace(file[:min(len(file), 64)])
	switch {
	case len(file) == 0:
		return "empty: download it again"
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		return "compressed: unpack it with gunzip first"
	case bytes.HasPrefix(start, []byte("<")):
		return "a web page, not a torrent file: download it again"
	case bytes.HasPrefix(bytes.ToLower(start), []byte("magnet:")):
		return "a magnet link in a file, not a torrent file: pass the link itself"
	}
	return err.Error() + ": download it again, or pass its hash"
}

// refusal is an error of a file, with a remedy of its own. It is ErrHash without its words.
type refusal string

func refuse(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }

func (r refusal) Error() string        { return string(r) }
func (r refusal) Is(target error) bool { return target == ErrHash }

// expand returns the path that s stands for.
func expand(s string) string {
	if u, err := url.Parse(s); err == nil && strings.EqualFold(u.Scheme, "file") && u.Path != "" {
		return u.Path
	}
	if rest, found := strings.CutPrefix(s, "~/"); found {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if _, err := os.Lstat(s); err != nil { // terminals escape the spaces of a file that is dropped
		if plain := strings.ReplaceAll(s, `\ `, " "); plain != s {
			return plain
		}
	}
	return s
}

var (
	errTooLarge  = errors.New("too large")
	errDirectory = errors.New("a directory")
)

// readFile reads a file until ctx ends. A pipe that nobody writes to holds up its goroutine only, as may the file
// system of another machine.
func readFile(ctx context.Context, path string) ([]byte, error) {
	type result struct {
		file []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		file, err := readAll(path)
		done <- result{file, err}
	}()
	select {
	case r := <-done:
		return r.file, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func readAll(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, cause(err)
	case info.IsDir():
		return nil, errDirectory
	case info.Size() > maxFile:
		return nil, errTooLarge
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	file, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if len(file) > maxFile {
		return nil, errTooLarge
	}
	return file, cause(err)
}

// cause returns what the system said, without the path, which may hold anything.
func cause(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
