package snapshot

import "time"

// Recording is how a Record fares.
type Recording struct {
	Path    string // of the file that is written
	Since   time.Time
	Bytes   int64 // of it
	Max     int64 // see Record
	Masked  bool
	Packets bool
	Ended   string // why nothing is written any more; "" while it is
}
