package metadata

import (
	"errors"
	"fmt"
	"math"

	"dhtop/dhtcore/printable"
)

// maxText is the longest name or path that is kept, in bytes: twice what file systems allow for a name.
const maxText = 512

// MaxFiles is how many files of a torrent are kept, from the first: what somebody may read through.
// With paths as long as they may be they take half a megabyte.
const MaxFiles = 1000

// ErrInfo is wrapped by the error for a dictionary that is not the info dictionary of a torrent, or
// that says nothing in the terms of BEP 3.
var ErrInfo = errors.New("not an info dictionary")

// Info is what an info dictionary (BEP 3) says. All text is printable: it holds no control
// characters, escape sequences or bidirectional controls.
type Info struct {
	Name        string
	Size        int64 // bytes of all files, padding (BEP 47) not counted
	PieceLength int64 // bytes
	Pieces      int
	Files       []File // the first MaxFiles
	FileCount   int    // of all files, padding not counted
	Private     bool   // to be found through its own tracker only (BEP 27)
}

// File is one file of a torrent.
type File struct {
	Path   string // below the torrent's name, parts joined by "/"; of a single file, the name itself
	Length int64  // bytes
}

// Parse reads an info dictionary, of version 1 or hybrid (BEP 3, BEP 52). The error wraps ErrInfo.
func Parse(dict []byte) (Info, error) {
	p := parser{cursor: cursor{b: dict}}
	if len(dict) == 0 || dict[0] != 'd' {
		return Info{}, fmt.Errorf("%w: no dictionary", ErrInfo)
	}
	for key := range p.dict() {
		p.field(string(key))
	}
	switch {
	case p.bad:
		return Info{}, fmt.Errorf("%w: broken at byte %d of %d", ErrInfo, p.i, len(dict))
	case p.i != len(dict):
		return Info{}, fmt.Errorf("%w: %d bytes after it", ErrInfo, len(dict)-p.i)
	case p.info.Pieces == 0 && p.version >= 2:
		return Info{}, fmt.Errorf("%w of version 1: this torrent is of version %d only (BEP 52)", ErrInfo, p.version)
	}
	return p.finish()
}

// parser walks an info dictionary.
type parser struct {
	cursor
	info            Info
	name, nameUTF8  []byte
	single, several bool  // has "length", has "files"
	length          int64 // of a single file
	version         int64
	wrong           string // the first key with a value that cannot be
}

// field reads the value of key, of which the later one counts.
func (p *parser) field(key string) {
	switch key {
	case "name":
		p.name = p.text()
	case "name.utf-8": // an older habit of clients that wrote the name in a local encoding
		p.nameUTF8 = p.text()
	case "piece length":
		p.info.PieceLength = p.number()
	case "pieces":
		hashes := p.text()
		if p.info.Pieces = len(hashes) / 20; len(hashes)%20 != 0 {
			p.wrong = key
		}
	case "length":
		p.single, p.length = true, p.number()
	case "files":
		p.several = true
		p.files()
	case "private":
		p.info.Private = p.number() == 1
	case "meta version":
		p.version = p.number()
	default:
		p.skip()
	}
}

// files reads the list of files, once.
func (p *parser) files() {
	p.info.Files, p.info.FileCount, p.info.Size = nil, 0, 0
	if !p.open('l') {
		p.wrong = "files"
		return
	}
	for p.more() {
		p.file()
	}
}

func (p *parser) file() {
	length, padding := int64(-1), false
	var path, pathUTF8 []byte
	for key := range p.dict() {
		switch string(key) {
		case "length":
			length = p.number()
		case "path":
			path = p.value()
		case "path.utf-8":
			pathUTF8 = p.value()
		case "attr":
			for _, attribute := range p.text() {
				padding = padding || attribute == 'p'
			}
		default:
			p.skip()
		}
	}
	if !padding {
		if pathUTF8 != nil {
			path = pathUTF8
		}
		p.add(path, length)
	}
}

// add counts a file, and keeps it if there is room.
func (p *parser) add(path []byte, length int64) {
	if length < 0 || length > math.MaxInt64-p.info.Size {
		p.wrong = "length"
		return
	}
	p.info.Size += length
	p.info.FileCount++
	if len(p.info.Files) < MaxFiles {
		p.info.Files = append(p.info.Files, File{Path: joined(path), Length: length})
	}
}

// joined returns a bencoded list of names as a path.
func joined(list []byte) string {
	var path []byte
	c := cursor{b: list}
	if !c.open('l') {
		return ""
	}
	for c.more() && len(path) <= maxText {
		if len(path) > 0 {
			path = append(path, '/')
		}
		part := c.text()
		path = append(path, part[:min(len(part), maxText)]...)
	}
	return printable.Cut(path, maxText)
}

// finish puts together what the keys said.
func (p *parser) finish() (Info, error) {
	name := p.name
	if len(p.nameUTF8) > 0 {
		name = p.nameUTF8
	}
	p.info.Name = printable.Cut(name, maxText)
	if p.single && !p.several {
		p.add(nil, p.length)
	}
	switch {
	case p.wrong != "":
		return Info{}, fmt.Errorf("%w: wrong %q", ErrInfo, p.wrong)
	case p.info.Name == "":
		return Info{}, fmt.Errorf("%w: no name", ErrInfo)
	case p.info.PieceLength <= 0:
		return Info{}, fmt.Errorf("%w: pieces of %d bytes", ErrInfo, p.info.PieceLength)
	case !p.single && !p.several:
		return Info{}, fmt.Errorf("%w: no files", ErrInfo)
	}
	if !p.several {
		p.info.Files[0].Path = p.info.Name
	}
	return p.info, nil
}
