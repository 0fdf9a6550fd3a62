"""Réglo: quotes, invoices and on-line payment for a French small business."""

__version__ = "0.1.0"
