package metadata

import (
	"errors"
	"fmt"
)

// ErrTorrentFile is wrapped by the errors of FindInfo.
var ErrTorrentFile = errors.New("not a torrent file")

// FindInfo returns the info dictionary of a .torrent file, its bytes as they stand there: their hash is that of
// the torrent, whatever is odd about them. Of the rest of the file only what comes before is read, and no value
// of it matters. Of two info dictionaries the first one counts, as for libtorrent.
func FindInfo(file []byte) (dict []byte, err error) {
	c := cursor{b: file}
	if !c.at('d') {
		return nil, fmt.Errorf("%w: it does not start with a dictionary", ErrTorrentFile)
	}
	for key := range c.dict() {
		value := c.value()
		if string(key) == "info" && !c.bad {
			dict = value
			break
		}
	}
	switch {
	case len(dict) > 0 && dict[0] == 'd':
		return dict, nil
	case dict != nil:
		return nil, fmt.Errorf("%w: its info is not a dictionary", ErrTorrentFile)
	case c.bad:
		return nil, fmt.Errorf("%w: broken or cut off at byte %d of %d", ErrTorrentFile, c.i, len(file))
	}
	return nil, fmt.Errorf("%w: it has no info dictionary", ErrTorrentFile)
}

// Versions reports which versions of the protocol an info dictionary describes: 1 (BEP 3), 2 (BEP 52), or both,
// which is a hybrid torrent. One that says nothing is of version 1.
func Versions(dict []byte) (v1, v2 bool) {
	c := cursor{b: dict}
	version := int64(1)
	for key := range c.dict() {
		switch string(key) {
		case "meta version":
			version = c.number()
		case "pieces":
			v1 = c.text() != nil
		default:
			c.skip()
		}
	}
	v2 = version == 2
	return v1 || !v2, v2
}
