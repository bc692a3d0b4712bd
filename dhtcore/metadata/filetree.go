package metadata

import (
	"math"
	"slices"

	"dhtop/dhtcore/bencode"
	"dhtop/dhtcore/printable"
)

// fileTree reads the files of a torrent of version 2 only, whose file tree p.tree is (BEP 52).
func (p *parser) fileTree() {
	p.Cursor = bencode.Cursor{Bytes: p.tree}
	p.directory(nil)
	p.several = p.info.FileCount > 0
	if p.Bad {
		p.wrong = "file tree"
	}
}

// directory reads a dictionary of names, each a directory or, with an empty name below it, a file. field has
// bounded its depth. path is where it hangs, with a slash before each name.
func (p *parser) directory(path []byte) {
	for name := range p.Dict() {
		if len(name) == 0 {
			p.treeFile(path)
			continue
		}
		below := path
		if len(path) <= maxText { // what is longer is cut off anyway
			below = append(append(slices.Clip(path), '/'), name[:min(len(name), maxText)]...)
		}
		p.directory(below)
	}
}

// treeFile reads what stands below the empty name of a file.
func (p *parser) treeFile(path []byte) {
	length, padding := int64(-1), false
	for key := range p.Dict() {
		switch string(key) {
		case "length":
			length = p.Number()
		case "attr":
			padding = isPadding(p.Text())
		default:
			p.Skip()
		}
	}
	if padding || p.Bad {
		return
	}
	if len(path) == 0 {
		p.wrong = "file tree"
		return
	}
	p.add(length, func() string { return printable.Cut(path[1:], maxText) })
	p.info.Pieces = min(p.info.Pieces+pieces(length, p.info.PieceLength), math.MaxInt32)
}

// isPadding reports whether the attributes of a file have the one of padding (BEP 47).
func isPadding(attributes []byte) bool { return slices.Contains(attributes, 'p') }

// pieces returns how many pieces a file of version 2 has: none is shared with another file.
func pieces(length, pieceLength int64) int {
	if pieceLength <= 0 || length <= 0 {
		return 0
	}
	return int(min((length-1)/pieceLength+1, math.MaxInt32))
}
