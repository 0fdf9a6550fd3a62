"""What may be done to a company and its people."""

from reglo.companies.services.create_company import RealCompanyInSimulation, create_company

__all__ = ["RealCompanyInSimulation", "create_company"]
