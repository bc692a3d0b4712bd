package api

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed compresses what h answers, from a kilobyte on, for clients that can read it: a ranking shrinks to a fifth.
func compressed(h http.Handler) http.Handler { return gzhttp.GzipHandler(h) }
