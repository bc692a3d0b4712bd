package metadata

import (
	"errors"
	"fmt"
	"math"

	"dhtop/dhtcore/bencode"
	"dhtop/dhtcore/printable"
)

// maxText is the longest name or path that is kept, in bytes: twice what file systems allow for a name.
const maxText = 512

// MaxFiles is how many files of a torrent are kept, from the first: as many as a person may read through.
// With the longest paths they take half a megabyte.
const MaxFiles = 1000

// ErrInfo is wrapped by the errors of Parse: the bytes are not the info dictionary of a torrent.
var ErrInfo = errors.New("not an info dictionary")

// Info is the content of an info dictionary (BEP 3). All text is printable: it has no control characters,
// escape sequences or bidirectional controls.
type Info struct {
	Name        string
	Size        int64 // bytes of all files, without padding (BEP 47)
	PieceLength int64 // bytes
	Pieces      int
	Files       []File // the first MaxFiles
	FileCount   int    // of all files, without padding
	Private     bool   // peers come from its own trackers only (BEP 27)
}

// File is one file of a torrent.
type File struct {
	Path   string // below the torrent's name, parts joined by "/"; the name itself for a single file
	Length int64  // bytes
}

// Parse reads an info dictionary of version 1, 2 or both (BEP 3, BEP 52). The error wraps ErrInfo.
func Parse(dict []byte) (Info, error) {
	p := parser{Cursor: bencode.Cursor{Bytes: dict}}
	if len(dict) == 0 || dict[0] != 'd' {
		return Info{}, fmt.Errorf("%w: no dictionary", ErrInfo)
	}
	for key := range p.Dict() {
		p.field(string(key))
	}
	switch {
	case p.Bad:
		return Info{}, fmt.Errorf("%w: broken at byte %d of %d", ErrInfo, p.Pos, len(dict))
	case p.Pos != len(dict):
		return Info{}, fmt.Errorf("%w: %d bytes after it", ErrInfo, len(dict)-p.Pos)
	case p.version == 2 && !p.single && !p.several:
		p.fileTree()
	}
	return p.finish()
}

// parser walks an info dictionary.
type parser struct {
	bencode.Cursor
	info            Info
	name, nameUTF8  []byte
	single, several bool  // has "length", has "files"
	length          int64 // of a single file
	version         int64
	tree            []byte // the file tree of version 2, bencoded
	wrong           string // the last key with an impossible value
}

// field reads the value of key. Of several, the last one counts.
func (p *parser) field(key string) {
	switch key {
	case "name":
		p.name = p.Text()
	case "name.utf-8": // of old clients, which wrote the name in a local encoding
		p.nameUTF8 = p.Text()
	case "piece length":
		p.info.PieceLength = p.Number()
	case "pieces":
		hashes := p.Text()
		if p.info.Pieces = len(hashes) / 20; len(hashes)%20 != 0 {
			p.wrong = key
		}
	case "length":
		p.single, p.length = true, p.Number()
	case "files":
		p.several = true
		p.files()
	case "private":
		p.info.Private = p.Number() == 1
	case "meta version":
		p.version = p.Number()
	case "file tree":
		p.tree = p.Value()
	default:
		p.Skip()
	}
}

// files reads the list of files.
func (p *parser) files() {
	p.info.Files, p.info.FileCount, p.info.Size = nil, 0, 0
	if !p.Open('l') {
		p.wrong = "files"
		return
	}
	for p.More() {
		p.file()
	}
}

func (p *parser) file() {
	length, padding := int64(-1), false
	var path, pathUTF8 []byte
	for key := range p.Dict() {
		switch string(key) {
		case "length":
			length = p.Number()
		case "path":
			path = p.Value()
		case "path.utf-8":
			pathUTF8 = p.Value()
		case "attr":
			padding = isPadding(p.Text())
		default:
			p.Skip()
		}
	}
	if !padding {
		if pathUTF8 != nil {
			path = pathUTF8
		}
		p.add(length, func() string { return joinPath(path) })
	}
}

// add counts a file and keeps it if there is room.
func (p *parser) add(length int64, path func() string) {
	if length < 0 || length > math.MaxInt64-p.info.Size {
		p.wrong = "length"
		return
	}
	p.info.Size += length
	p.info.FileCount++
	if len(p.info.Files) < MaxFiles {
		p.info.Files = append(p.info.Files, File{Path: path(), Length: length})
	}
}

// joinPath returns a bencoded list of names as a path.
func joinPath(list []byte) string {
	var path []byte
	c := bencode.Cursor{Bytes: list}
	if !c.Open('l') {
		return ""
	}
	for c.More() && len(path) <= maxText {
		if len(path) > 0 {
			path = append(path, '/')
		}
		part := c.Text()
		path = append(path, part[:min(len(part), maxText)]...)
	}
	return printable.Cut(path, maxText)
}

// finish checks the values of all keys and returns the Info.
func (p *parser) finish() (Info, error) {
	name := p.name
	if len(p.nameUTF8) > 0 {
		name = p.nameUTF8
	}
	p.info.Name = printable.Cut(name, maxText)
	if p.single && !p.several {
		p.add(p.length, func() string { return p.info.Name })
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
	return p.info, nil
}
