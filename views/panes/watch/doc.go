// Package watch draws the pane of the watch list: its entries, the alerts, and all that is known of one entry.
package watch
