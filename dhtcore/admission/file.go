package admission

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"time"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/torrent"
	"dhtop/dhtcore/wire"
)

// FileName is the file of the data directory that keeps the registered torrents, a magnet link a line. --tracker-allow takes
// such a file, too.
const FileName = "tracker.torrents"

// maxRegisterFile is more than maxRegistered torrents take, in bytes.
const maxRegisterFile = 512 << 20

// Open reads the file at path, "" for none. It returns what it could not read of it.
func (r *Register) Open(path string) (bad error) {
	r.path, r.of, r.file = path, map[wire.ID]*RegisteredTorrent{}, registerFile{}
	if path == "" {
		return nil
	}
	content, _, err := atomicfile.Read(path, maxRegisterFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot read the tracker's torrents in %s: %w", path, human.Cause(err))
	}
	r.file.size, r.file.torn = int64(len(content)), len(content) > 0 && !bytes.HasSuffix(content, []byte("\n"))
	n, first, lost := 0, 0, 0
	for line := range bytes.Lines(content) {
		n++
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] == '#' {
			if len(line) > 0 {
				r.file.comments = append(r.file.comments, append(bytes.Clone(line), '\n'))
			}
			continue
		}
		if t, err := readRegistered(string(line)); err == nil && len(r.order) < maxRegistered {
			r.put(&t)
		} else {
			first, lost = cmp.Or(first, n), lost+1
		}
	}
	if lost > 0 {
		r.file.keep()
		return fmt.Errorf("%s of the tracker's torrents in %s could not be read, line %d first: the others are served",
			human.Amount(lost, "line", "lines"), path, first)
	}
	r.tidy()
	return nil
}

// readRegistered reads a line of the file.
func readRegistered(line string) (r RegisteredTorrent, err error) {
	list, err := torrent.ParseText(line)
	if err != nil {
		return r, err
	}
	for i := range list {
		r.Hashes = append(r.Hashes, list[i].Hashes...)
	}
	for name, value := range torrent.Params(line) {
		switch n, _ := strconv.ParseInt(value, 10, 64); name {
		case "dn":
			r.Name = printable.Cut([]byte(value), MaxName)
		case "xl":
			r.Size = max(n, 0)
		case "x.added":
			r.Added = time.Unix(n, 0)
		}
	}
	return r, nil
}

// line is what the file has of a torrent.
func (t *RegisteredTorrent) line() []byte {
	b := []byte("magnet:?")
	for _, hash := range t.Hashes {
		b = append(append(append(b, "xt=urn:btih:"...), hash.String()...), '&')
	}
	if t.Name != "" {
		b = append(append(append(b, "dn="...), url.QueryEscape(t.Name)...), '&')
	}
	if t.Size > 0 {
		b = append(strconv.AppendInt(append(b, "xl="...), t.Size, 10), '&')
	}
	return append(strconv.AppendInt(append(b, "x.added="...), t.Added.Unix(), 10), '\n')
}

// write appends lines to the file. The error has a remedy.
func (r *Register) write(lines []byte) error {
	if r.path == "" || len(lines) == 0 {
		return nil
	}
	if r.file.torn {
		lines = append([]byte("\n"), lines...)
	}
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		var n int
		n, err = f.Write(lines)
		r.file.size, r.file.torn = r.file.size+int64(n), err != nil
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot write the tracker's torrents to %s: %w: make room or check its permissions", r.path, human.Cause(err))
	}
	return nil
}
