package report

import (
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
	l.Torrent = &Torrent{info.Size, info.PieceLength, info.Pieces, info.Private, info.FileCount,
		make([]File, len(info.Files))}
	for i, f := range info.Files {
		l.Torrent.Files[i] = File{o.Mask.Text(f.Path), f.Length}
	}
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
