/**
 * Arguments that the documentation of the AWS provider of Terraform has, read there by hand: `website/docs/r/<resource without aws_>.html.markdown`
 * of github.com/hashicorp/terraform-provider-aws, in November 2026. A snippet names no other.
 */
export const documented: Readonly<Record<string, readonly string[]>> = {
  aws_athena_workgroup: ['configuration.publish_cloudwatch_metrics_enabled'],
  aws_autoscaling_group: ['health_check_grace_period', 'health_check_type'],
  aws_cloudtrail: ['enable_log_file_validation'],
  aws_cloudwatch_log_group: ['retention_in_days'],
  aws_cloudwatch_metric_alarm: ['actions_enabled'],
  aws_db_instance: [
    ...['auto_minor_version_upgrade', 'backup_retention_period', 'copy_tags_to_snapshot', 'deletion_protection'],
    ...['iam_database_authentication_enabled', 'multi_az', 'publicly_accessible'],
  ],
  aws_dynamodb_table: ['deletion_protection_enabled'],
  // Its values are `enable` and `disable`.
  aws_ec2_transit_gateway: ['auto_accept_shared_attachments'],
  aws_ecr_repository: ['image_scanning_configuration.scan_on_push'],
  // Its values are `true` and `false`.
  aws_ecs_service: ['network_configuration.assign_public_ip'],
  aws_eks_cluster: ['version', 'vpc_config.endpoint_private_access', 'vpc_config.endpoint_public_access'],
  aws_eks_node_group: ['version'],
  aws_elasticache_cluster: ['auto_minor_version_upgrade', 'snapshot_retention_limit'],
  aws_elasticache_replication_group: ['auto_minor_version_upgrade', 'automatic_failover_enabled', 'snapshot_retention_limit'],
  aws_elasticsearch_domain: ['domain_endpoint_options.enforce_https', 'domain_endpoint_options.tls_security_policy'],
  aws_instance: ['metadata_options.http_tokens'],
  aws_kms_key: ['enable_key_rotation', 'rotation_period_in_days'],
  aws_msk_cluster: ['broker_node_group_info.connectivity_info.public_access.type', 'enhanced_monitoring'],
  aws_opensearch_domain: ['domain_endpoint_options.enforce_https', 'domain_endpoint_options.tls_security_policy'],
  // It has no auto_minor_version_upgrade.
  aws_rds_cluster: ['backup_retention_period', 'copy_tags_to_snapshot', 'deletion_protection', 'iam_database_authentication_enabled'],
  aws_redshift_cluster: [
    ...['allow_version_upgrade', 'automated_snapshot_retention_period', 'encrypted', 'enhanced_vpc_routing', 'publicly_accessible'],
  ],
  aws_redshiftserverless_workgroup: ['enhanced_vpc_routing', 'publicly_accessible'],
  aws_s3_bucket_public_access_block: [
    ...['block_public_acls', 'block_public_policy', 'bucket', 'ignore_public_acls', 'restrict_public_buckets'],
  ],
  aws_s3_bucket_versioning: ['bucket', 'versioning_configuration.status'],
  // `Enabled` and `Disabled`, as in CloudFormation.
  aws_sagemaker_notebook_instance: ['root_access'],
  aws_sns_topic: ['kms_master_key_id'],
  aws_sqs_queue: ['sqs_managed_sse_enabled'],
  aws_subnet: ['assign_ipv6_address_on_creation', 'map_public_ip_on_launch'],
};
