package api

import (
	"net/http"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// exportMedia are the media types of the formats.
var exportMedia = map[report.Format]string{
	report.CSV: "text/csv; charset=utf-8", report.JSON: "application/json", report.NDJSON: "application/x-ndjson",
	report.Magnet: "text/plain; charset=utf-8", report.Plain: "text/plain; charset=utf-8",
}

func exportParams() []param {
	return append(rankingParams(dhtcore.MaxRanked), choice("format", "of the file", "csv", "json", "ndjson", "magnet", "plain"))
}

// export answers with the ranking as a file, in the columns of "dhtop export".
func export(c *call) (status int, document any) {
	f, err := report.ParseFormat(value[string](c, "format"))
	if err != nil {
		return fail(badParam("format", "%s", err))
	}
	_, order := orderOf(c)
	all, err := c.ranked(order, nil)
	if err != nil {
		return fail(err)
	}
	rows := all.rows[:min(len(all.rows), value[int](c, "limit"))]
	return http.StatusOK, stream(func(w http.ResponseWriter, _ *http.Request) {
		documentHeaders(w.Header(), exportMedia[f])
		patiently(w, len(rows)*exportRow)
		w.Header().Set("Content-Disposition", `attachment; filename="dhtop-`+all.at.UTC().Format("20060102-150405")+"."+extensions[f]+`"`)
		report.WriteHashes(w, f, rows) //nolint:errcheck // the client may have gone
	})
}

// exportRow is about how many bytes a row has, at most.
const exportRow = 400

// extensions are those of the files.
var extensions = map[report.Format]string{report.CSV: "csv", report.JSON: "json", report.NDJSON: "ndjson", report.Magnet: "txt", report.Plain: "txt"}
