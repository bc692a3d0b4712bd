package admission

import (
	"bufio"
	"math"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/wire"
)

// compactFrom is the size in bytes from which on the file of a Register is worth compacting.
const compactFrom = 64 << 10

// registerFile is what a Register knows of its file. Register.mu guards it.
type registerFile struct {
	size      int64    // bytes
	compactAt int64    // the size at which it is looked at; MaxInt64 for never
	comments  [][]byte // lines, with their ends
	torn      bool     // the last line has no end
}

// tidy writes the file anew where it is more than twice as long as its torrents need, as a torrent that is told of again
// leaves a line behind. The file is replaced as a whole: a machine that stops meanwhile keeps the old one. Where that fails
// the old one serves until it has doubled. mu is held.
func (r *Register) tidy() {
	if r.path == "" || r.file.size < max(r.file.compactAt, compactFrom) {
		return
	}
	needed := int64(0)
	r.eachLine(func(line []byte) { needed += int64(len(line)) })
	if r.file.size > 2*needed {
		if size, err := r.rewrite(); err == nil {
			r.file.size, r.file.torn, needed = size, false, size
		} else {
			needed = r.file.size
		}
	}
	r.file.compactAt = 2 * needed
}

// keep leaves the file as it is for good: it has lines that could not be read.
func (f *registerFile) keep() { f.compactAt = math.MaxInt64 }

// rewrite replaces the file, and returns its size.
func (r *Register) rewrite() (size int64, err error) {
	f, err := atomicfile.Create(r.path, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Discard()
	w := bufio.NewWriter(f)
	r.eachLine(func(line []byte) {
		size += int64(len(line))
		w.Write(line) //nolint:errcheck // Flush tells
	})
	if err := w.Flush(); err != nil {
		return 0, err
	}
	return size, f.Commit()
}

// eachLine passes on the comments and a line a torrent, the earliest first. Of a torrent whose hashes another one has taken
// over, the hashes that are left stand there.
func (r *Register) eachLine(line func(b []byte)) {
	for _, comment := range r.file.comments {
		line(comment)
	}
	for _, t := range r.order {
		its := *t
		its.Hashes = make([]wire.ID, 0, len(t.Hashes))
		for _, hash := range t.Hashes {
			if r.of[hash] == t {
				its.Hashes = append(its.Hashes, hash)
			}
		}
		if len(its.Hashes) > 0 {
			line(its.line())
		}
	}
}
