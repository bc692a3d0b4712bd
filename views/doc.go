// Package views turns a Snapshot into what is on the screen: Frame is a pure function (Snapshot, State, width,
// height) -> exactly height lines of exactly width cells.
//
//	                    ui: keys ──► State            dhtcore: Snapshot
//	                              │                        │
//	views      Frame              ▼                        ▼
//	           ┌───────────────────────────────────────────────────────────┐
//	  panes/   │ overview  hashes  table  lookups  packets  crawl  tracker │  what is said: a function a pane
//	           │ help  doctor  status  hints        list  events  distance │
//	           ├────────────────────────────┬──────────────────────────────┤
//	           │ screen/                    │ canvas/                      │
//	           │ State, List, Cursor, Order │ Grid, Area, Column, Facts,   │
//	           │ what the keys change;      │ Flow, graphs, viewport, hit  │
//	           │ draws nothing              │ test; knows no Snapshot      │
//	           └────────────────────────────┴──────────────────────────────┘
//	                     theme/  roles to colours     text/  widths, sanitising, masking
//
// Package ui calls Frame and keeps the State between frames. Nothing here reads a clock (Snapshot.At is now),
// starts a goroutine, knows Bubble Tea or touches the network; there is no lock. Text from the network is
// sanitised, and addresses are masked, where text becomes cells: canvas.Area.Put.
package views
