package api

import (
	"net/http"
	"strconv"
	"strings"
)

// openAPIVersion is that of the form of the document.
const openAPIVersion = "3.1.0"

// openAPI answers with the table of paths as an OpenAPI document.
func openAPI(*call) (status int, document any) { return found(openAPIDocument(routes())) }

// openAPIDocument describes routes. All of it follows from their rows and the types that they name.
func openAPIDocument(table []route) schema {
	types := schemas{}
	paths := schema{}
	for i := range table {
		r := &table[i]
		item, _ := paths[r.path].(schema)
		if item == nil {
			item = schema{}
			paths[r.path] = item
		}
		item[strings.ToLower(r.method)] = operation(r, types)
	}
	refused := schema{"description": "what is wrong, and what to do (RFC 9457)",
		"content": schema{"application/problem+json": schema{"schema": types.of(problem{})}}}
	return schema{
		"openapi": openAPIVersion,
		"info": schema{"title": "dhtop", "version": "1",
			"description": "What a dhtop sees of the BitTorrent DHT, and commands for it. Hashes and IDs are lower-case hexadecimal, " +
				"times RFC 3339 in UTC, durations whole milliseconds. Members may be added, none is renamed.",
			"license": schema{"name": "MIT", "identifier": "MIT"}},
		"paths": paths,
		"components": schema{"schemas": types, "responses": schema{"Problem": refused},
			"securitySchemes": schema{"token": schema{"type": "http", "scheme": "bearer",
				"description": "the token in the data directory; on loopback only changes need it"}}},
	}
}

// operation describes one route.
func operation(r *route, types schemas) schema {
	op := schema{"summary": r.about, "operationId": operationID(r), "responses": responses(r, types)}
	params := make([]schema, len(r.params))
	for i := range r.params {
		params[i] = parameter(r, &r.params[i])
	}
	if len(params) > 0 {
		op["parameters"] = params
	}
	if r.takes != nil {
		content := schema{"application/json": schema{"schema": types.of(r.takes)}}
		if r.file != "" {
			content[r.file] = schema{"schema": schema{}}
		}
		op["requestBody"] = schema{"required": true, "content": content}
	}
	if r.method != http.MethodGet {
		op["security"] = []schema{{"token": []string{}}}
	}
	return op
}

// operationID is a name such as get_hashes_info_hash_peers, which generators of clients make functions of.
func operationID(r *route) string {
	if r.id != "" {
		return r.id
	}
	words := strings.FieldsFunc(strings.TrimPrefix(r.path, "/api/v1"), func(c rune) bool { return strings.ContainsRune("/{}._", c) })
	if len(words) == 0 {
		words = []string{"index"}
	}
	return strings.ToLower(r.method) + "_" + strings.Join(words, "_")
}

func parameter(r *route, p *param) schema {
	out := schema{"name": p.name, "in": "query", "description": p.about, "schema": p.schema}
	if strings.Contains(r.path, "{"+p.name+"}") {
		out["in"], out["required"] = "path", true
	}
	return out
}

// responses are what a route may answer.
func responses(r *route, types schemas) schema {
	status := r.status
	if status == 0 {
		status = http.StatusOK
	}
	good := schema{"description": r.about}
	switch {
	case r.returns != nil:
		content := schema{"application/json": schema{"schema": types.of(r.returns)}}
		if r.page != nil {
			content["text/html"] = schema{"schema": schema{"type": "string"}}
		}
		good["content"] = content
	case r.media != "":
		media, _, _ := strings.Cut(r.media, ";")
		good["content"] = schema{media: schema{"schema": schema{"type": "string"}}}
	}
	all := schema{strconv.Itoa(status): good, "default": schema{"$ref": "#/components/responses/Problem"}}
	if r.waits != nil {
		all[strconv.Itoa(http.StatusOK)] = schema{"description": "the outcome, where the request waits for it",
			"content": schema{"application/json": schema{"schema": types.of(r.waits)}}}
	}
	if r.path == "/readyz" {
		all[strconv.Itoa(http.StatusServiceUnavailable)] = good
	}
	return all
}
