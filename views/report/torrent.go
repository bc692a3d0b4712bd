package report

import (
	"encoding/hex"
	"fmt"
	"io"

	"dhtop/dhtcore"
)

// Torrent is what is behind a hash (BEP 9), beside its name.
type Torrent struct {
	Size        int64  `json:"size"` // bytes
	PieceLength int64  `json:"piece_length"`
	Pieces      int    `json:"pieces"`
	Private     bool   `json:"private"`    // BEP 27
	FileCount   int    `json:"file_count"` // of which files has the first thousand
	Files       []File `json:"files"`
}

// File is a file of a torrent.
type File struct {
	Path   string `json:"path"` // below the torrent's name
	Length int64  `json:"length"`
}

// SetTorrent adds what the peers of the lookup told of the torrent, or why they did not.
func (l *Lookup) SetTorrent(info *dhtcore.MetadataInfo, err error, o Options) {
	if err != nil {
		l.NameError = nullable(o.Text(err.Error()))
		return
	}
	l.Name = nullable(o.Mask.Text(info.Name))
	l.Torrent = newTorrent(info, o)
}

func newTorrent(info *dhtcore.MetadataInfo, o Options) *Torrent {
	t := &Torrent{info.Size, info.PieceLength, info.Pieces, info.Private, info.FileCount, make([]File, len(info.Files))}
	for i, f := range info.Files {
		t.Files[i] = File{o.Mask.Text(f.Path), f.Length}
	}
	return t
}

// WriteTorrent writes what is behind a hash as comments, below the peers of its plain form.
func WriteTorrent(w io.Writer, info *dhtcore.MetadataInfo, err error, o Options) error {
	if err != nil {
		_, err = fmt.Fprintf(w, "# no name: %s\n", o.Text(err.Error()))
		return err
	}
	_, err = fmt.Fprintf(w, "# name: %s\n# %d bytes in %s, %s of %d bytes\n", info.Name, info.Size,
		count(info.FileCount, "file"), count(info.Pieces, "piece"), info.PieceLength)
	return err
}

// Identity ties the hashes of one torrent together, in the documents of its hashes.
type Identity struct {
	V2InfoHash  string       `json:"v2_info_hash,omitempty"` // all 32 bytes of it (BEP 52), where it is known
	SameTorrent []dhtcore.ID `json:"same_torrent,omitempty"` // the other hashes of a hybrid torrent
}

// NewIdentity returns what ties hash to the other hashes of its torrent.
func NewIdentity(t *dhtcore.Torrent, hash dhtcore.ID) Identity {
	var i Identity
	if t.HasV2() {
		i.V2InfoHash = hex.EncodeToString(t.V2[:])
	}
	for _, other := range t.Hashes {
		if other != hash {
			i.SameTorrent = append(i.SameTorrent, other)
		}
	}
	return i
}

// WriteSameTorrent writes which other hashes the torrent has, as comments.
func (i *Identity) WriteSameTorrent(w io.Writer) error {
	for _, other := range i.SameTorrent {
		if _, err := fmt.Fprintf(w, "# the same torrent: %s\n", other); err != nil {
			return err
		}
	}
	return nil
}

// NamedHash is the name of a hash and what is behind it, the document of POST /api/v1/names.
type NamedHash struct {
	InfoHash dhtcore.ID `json:"info_hash"`
	Name     *string    `json:"name"`
	Torrent  *Torrent   `json:"torrent"`
}

// NewNamedHash returns the JSON form of what the peers of hash told of it.
func NewNamedHash(hash dhtcore.ID, info *dhtcore.MetadataInfo, o Options) NamedHash {
	return NamedHash{hash, nullable(o.Mask.Text(info.Name)), newTorrent(info, o)}
}
