package metadata

import (
	"errors"
	"fmt"

	"dhtop/dhtcore/bencode"
)

// ErrTorrentFile is wrapped by the errors of FindInfo.
var ErrTorrentFile = errors.New("not a torrent file")

// FindInfo returns the info dictionary of a .torrent file, its bytes as they stand there: their hash is that of
// the torrent, whatever is odd about them. Of the rest of the file only what comes before is read, and no value
// of it matters. Of two info dictionaries the first one counts, as for libtorrent.
func FindInfo(file []byte) (dict []byte, err error) {
	c := bencode.Cursor{Bytes: file}
	if !c.At('d') {
		return nil, fmt.Errorf("%w: it does not start with a dictionary", ErrTorrentFile)
	}
	for key := range c.Dict() {
		value := c.Value()
		if string(key) == "info" && !c.Bad {
			dict = value
			break
		}
	}
	switch {
	case len(dict) > 0 && dict[0] == 'd':
		return dict, nil
	case dict != nil:
		return nil, fmt.Errorf("%w: its info is not a dictionary", ErrTorrentFile)
	case c.Bad:
		return nil, fmt.Errorf("%w: broken or cut off at byte %d of %d", ErrTorrentFile, c.Pos, len(file))
	}
	return nil, fmt.Errorf("%w: it has no info dictionary", ErrTorrentFile)
}

// Versions reports which versions of the protocol an info dictionary describes: 1 (BEP 3), 2 (BEP 52), or both,
// which is a hybrid torrent. One that says nothing is of version 1.
func Versions(dict []byte) (v1, v2 bool) {
	c := bencode.Cursor{Bytes: dict}
	version := int64(1)
	for key := range c.Dict() {
		switch string(key) {
		case "meta version":
			version = c.Number()
		case "pieces":
			v1 = c.Text() != nil
		default:
			c.Skip()
		}
	}
	v2 = version == 2
	return v1 || !v2, v2
}
